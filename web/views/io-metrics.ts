import type { SubtaskStatus, TaskMetrics } from '#runtime';

/** What went in and out of some subtasks; `complete` when every one of them has told. */
export interface IoMetrics {
  readonly 'read-bytes': number;
  readonly 'read-bytes-complete': boolean;
  readonly 'write-bytes': number;
  readonly 'write-bytes-complete': boolean;
  readonly 'read-records': number;
  readonly 'read-records-complete': boolean;
  readonly 'write-records': number;
  readonly 'write-records-complete': boolean;
  readonly 'accumulated-backpressured-time': number;
  readonly 'accumulated-idle-time': number;
  readonly 'accumulated-busy-time': number;
}

export function ioMetrics(subtasks: readonly SubtaskStatus[]): IoMetrics {
  const told = subtasks.flatMap(({ metrics }) => metrics ?? []);
  const complete = told.length === subtasks.length;
  const sum = (value: (metrics: TaskMetrics) => number): number => told.reduce((total, metrics) => total + value(metrics), 0);
  return {
    'read-bytes': sum(({ bytesIn }) => bytesIn),
    'read-bytes-complete': complete,
    'write-bytes': sum(({ bytesOut }) => bytesOut),
    'write-bytes-complete': complete,
    'read-records': sum(({ recordsIn }) => recordsIn),
    'read-records-complete': complete,
    'write-records': sum(({ recordsOut }) => recordsOut),
    'write-records-complete': complete,
    'accumulated-backpressured-time': Math.round(sum(({ backPressuredMs }) => backPressuredMs)),
    'accumulated-idle-time': Math.round(sum(({ idleMs }) => idleMs)),
    'accumulated-busy-time': Math.round(sum(({ busyMs }) => busyMs)),
  };
}

/** Statistics over subtasks, one for each metric, as Flink's pages show them. */
export interface Statistics {
  readonly min: number;
  readonly max: number;
  readonly avg: number;
  readonly sum: number;
  readonly median: number;
  readonly p25: number;
  readonly p75: number;
  readonly p95: number;
}

const AGGREGATED = [
  'read-bytes',
  'write-bytes',
  'read-records',
  'write-records',
  'accumulated-backpressured-time',
  'accumulated-idle-time',
  'accumulated-busy-time',
] as const;

export function aggregatedMetrics(subtasks: readonly SubtaskStatus[]): Readonly<Record<string, Statistics>> {
  const each = subtasks.map((subtask) => ioMetrics([subtask]));
  return Object.fromEntries(AGGREGATED.map((name) => [name, statisticsOf(each.map((metrics) => metrics[name]))]));
}

export function statisticsOf(values: readonly number[]): Statistics {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
    avg: sorted.length > 0 ? Math.round(sum / sorted.length) : 0,
    sum,
    median: at(0.5),
    p25: at(0.25),
    p75: at(0.75),
    p95: at(0.95),
  };
}
