/** The processes that scripts start. */
export type DaemonKind = 'jobmanager' | 'taskmanager';

/** What a process begins with, in `dist/bundle`. */
export function entryOf(kind: DaemonKind): string {
  return `${kind}-main.js`;
}
