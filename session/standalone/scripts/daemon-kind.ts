/** The processes that scripts start. */
export type DaemonKind = 'jobmanager' | 'taskmanager';

/** The compiled entry of a process, below `dist/session/standalone`. */
export function entryOf(kind: DaemonKind): string {
  return `${kind}-main.js`;
}
