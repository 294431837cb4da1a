import type { JobVertex, SubtaskStatus } from '#runtime';
import { aggregatedMetrics, ioMetrics, statisticsOf } from './io-metrics.js';
import { aggregateState, countTasks, spanOf, TASK_STATES } from './task-counts.js';

const UNASSIGNED = '(unassigned)';
const TIMED_STATES = ['CREATED', 'SCHEDULED', 'DEPLOYING', 'INITIALIZING', 'RUNNING'] as const;

/** A vertex with all its subtasks. */
export function vertexView(vertex: JobVertex, subtasks: readonly SubtaskStatus[], nowMs: number): unknown {
  return {
    id: vertex.id,
    name: vertex.name,
    parallelism: vertex.parallelism,
    maxParallelism: vertex.maxParallelism,
    now: nowMs,
    subtasks: subtasks.map((subtask) => subtaskView(subtask, nowMs)),
    aggregated: aggregatedView(subtasks, nowMs),
  };
}

/** Times at which each subtask entered each state. */
export function subtaskTimesView(vertex: JobVertex, subtasks: readonly SubtaskStatus[], nowMs: number): unknown {
  return {
    id: vertex.id,
    name: vertex.name,
    now: nowMs,
    subtasks: subtasks.map((subtask) => ({
      subtask: subtask.subtaskIndex,
      host: subtask.host ?? UNASSIGNED,
      endpoint: subtask.host ?? UNASSIGNED,
      duration: spanOf([subtask], nowMs).duration,
      timestamps: Object.fromEntries(TASK_STATES.map((state) => [state, timestampIn(subtask, state)])),
    })),
  };
}

/** The subtasks of a vertex, gathered by the TaskManager they run on. */
export function vertexTaskManagersView(vertex: JobVertex, subtasks: readonly SubtaskStatus[], nowMs: number): unknown {
  const groups = new Map<string | undefined, SubtaskStatus[]>();
  for (const subtask of subtasks) groups.set(subtask.taskManagerId, [...(groups.get(subtask.taskManagerId) ?? []), subtask]);
  return {
    id: vertex.id,
    name: vertex.name,
    now: nowMs,
    taskmanagers: [...groups].map(([taskManagerId, members]) => {
      const counts = countTasks(members);
      return {
        host: members[0]?.host ?? UNASSIGNED,
        endpoint: members[0]?.host ?? UNASSIGNED,
        status: aggregateState(counts, members.length),
        ...spanOf(members, nowMs),
        metrics: ioMetrics(members),
        'status-counts': counts,
        'taskmanager-id': taskManagerId ?? UNASSIGNED,
        aggregated: aggregatedView(members, nowMs),
      };
    }),
  };
}

function subtaskView(subtask: SubtaskStatus, nowMs: number): unknown {
  const span = spanOf([subtask], nowMs);
  return {
    subtask: subtask.subtaskIndex,
    status: subtask.state,
    attempt: subtask.attempt,
    host: subtask.host ?? UNASSIGNED,
    endpoint: subtask.host ?? UNASSIGNED,
    ...span,
    metrics: ioMetrics([subtask]),
    'taskmanager-id': subtask.taskManagerId ?? UNASSIGNED,
    'status-duration': statusDurations(subtask, nowMs),
    start_time: span['start-time'],
  };
}

function aggregatedView(subtasks: readonly SubtaskStatus[], nowMs: number): unknown {
  const durations = subtasks.map((subtask) => statusDurations(subtask, nowMs));
  return {
    metrics: aggregatedMetrics(subtasks),
    'status-duration': Object.fromEntries(TIMED_STATES.map((state) => [state, statisticsOf(durations.map((each) => each[state] ?? -1))])),
  };
}

/** How long the subtask was in each state, in ms; -1 when it never was. */
function statusDurations(subtask: SubtaskStatus, nowMs: number): Readonly<Record<string, number>> {
  const entered = Object.values(subtask.timestamps).toSorted((a, b) => a - b);
  return Object.fromEntries(
    TIMED_STATES.map((state) => {
      const start = subtask.timestamps[state];
      if (start === undefined) return [state, -1];
      const next = entered.find((time) => time > start);
      return [state, (next ?? (state === subtask.state ? nowMs : start)) - start];
    }),
  );
}

function timestampIn({ timestamps }: SubtaskStatus, state: string): number {
  return (timestamps as Readonly<Record<string, number | undefined>>)[state] ?? 0;
}
