import type { SubtaskStatus, TaskState } from '#runtime';

/** Subtasks by state, every state named, as the REST interface of Flink gives them. */
export type TaskCounts = Readonly<Record<TaskState | 'RECONCILING', number>>;

export const TASK_STATES: readonly (TaskState | 'RECONCILING')[] = [
  'CREATED',
  'SCHEDULED',
  'DEPLOYING',
  'INITIALIZING',
  'RUNNING',
  'FINISHED',
  'CANCELING',
  'CANCELED',
  'FAILED',
  'RECONCILING',
];

const ENDED: readonly TaskState[] = ['FINISHED', 'CANCELED', 'FAILED'];

export function countTasks(subtasks: readonly SubtaskStatus[]): TaskCounts {
  return countStates(subtasks.map(({ state }) => state));
}

export function countStates(states: readonly TaskState[]): TaskCounts {
  const counts = Object.fromEntries(TASK_STATES.map((state) => [state, 0])) as Record<TaskState | 'RECONCILING', number>;
  for (const state of states) counts[state]++;
  return counts;
}

/** The state of a vertex, from those of its subtasks: the worst first, then the least advanced of those that run. */
export function aggregateState(counts: TaskCounts, parallelism: number): TaskState {
  for (const state of ['FAILED', 'CANCELING', 'CANCELED', 'INITIALIZING', 'RUNNING'] as const) {
    if (counts[state] > 0) return state;
  }
  if (counts.FINISHED > 0) return counts.FINISHED === parallelism ? 'FINISHED' : 'RUNNING';
  if (counts.DEPLOYING > 0) return 'DEPLOYING';
  return counts.SCHEDULED > 0 ? 'SCHEDULED' : 'CREATED';
}

/** When some subtasks ran: ms since 1970 UTC; -1 for what has not happened; `duration` goes on while they run. */
export interface Span {
  readonly 'start-time': number;
  readonly 'end-time': number;
  readonly duration: number;
}

export function spanOf(subtasks: readonly SubtaskStatus[], nowMs: number): Span {
  const starts = subtasks.flatMap(({ timestamps }) => timestamps.DEPLOYING ?? timestamps.INITIALIZING ?? timestamps.RUNNING ?? []);
  const start = starts.length > 0 ? Math.min(...starts) : -1;
  const ends = subtasks.map(endOf);
  const end = ends.length > 0 && ends.every((time) => time >= 0) ? Math.max(...ends) : -1;
  return { 'start-time': start, 'end-time': end, duration: durationOf(start, end, nowMs) };
}

function endOf({ state, timestamps }: SubtaskStatus): number {
  return ENDED.includes(state) ? (timestamps[state] ?? -1) : -1;
}

function durationOf(start: number, end: number, nowMs: number): number {
  if (start < 0) return -1;
  return (end < 0 ? nowMs : end) - start;
}
