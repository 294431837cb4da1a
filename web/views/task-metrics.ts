import { MAX_WATERMARK, MIN_WATERMARK } from '#core';
import type { SubtaskStatus, TaskMetrics } from '#runtime';

/** A metric as Flink's pages read it. */
export interface Metric {
  readonly id: string;
  readonly value: string;
}

/** The metrics of a subtask by Flink's names; those of one operator have its name in front. */
export function metricsOf(metrics: TaskMetrics): ReadonlyMap<string, number> {
  const found = new Map<string, number>([
    ['numRecordsIn', metrics.recordsIn],
    ['numRecordsOut', metrics.recordsOut],
    ['numBytesIn', metrics.bytesIn],
    ['numBytesOut', metrics.bytesOut],
    ['accumulateBusyTimeMs', Math.round(metrics.busyMs)],
    ['accumulateBackPressuredTimeMs', Math.round(metrics.backPressuredMs)],
    ['accumulateIdleTimeMs', Math.round(metrics.idleMs)],
    ['currentInputWatermark', metrics.inputWatermark],
  ]);
  for (const { name, inputWatermark, outputWatermark, lateRecordsDropped } of metrics.operators) {
    const operator = name.replaceAll('.', '_');
    found.set(`${operator}.currentInputWatermark`, inputWatermark);
    found.set(`${operator}.currentOutputWatermark`, outputWatermark);
    if (lateRecordsDropped !== undefined) found.set(`${operator}.numLateRecordsDropped`, lateRecordsDropped);
  }
  return found;
}

/** How far event time has come at each subtask. */
export function watermarksView(subtasks: readonly SubtaskStatus[]): readonly Metric[] {
  return subtasks.flatMap(({ subtaskIndex, metrics }) =>
    metrics === undefined ? [] : [{ id: `${subtaskIndex}.currentInputWatermark`, value: shown(metrics.inputWatermark) }],
  );
}

/** The metrics of a vertex, each with the number of its subtask: their ids, or the values of those asked for. */
export function vertexMetricsView(subtasks: readonly SubtaskStatus[], get: string | undefined): readonly { readonly id: string }[] {
  const all = subtasks.flatMap((subtask) =>
    entriesOf(subtask).map(([name, value]): [string, number] => [`${subtask.subtaskIndex}.${name}`, value]),
  );
  return chosen(all, get);
}

export function subtaskMetricsView(subtask: SubtaskStatus, get: string | undefined): readonly { readonly id: string }[] {
  return chosen(entriesOf(subtask), get);
}

/** The metrics of all subtasks of a vertex taken together. */
export function aggregatedMetricsView(subtasks: readonly SubtaskStatus[], get: string | undefined): readonly { readonly id: string }[] {
  const values = new Map<string, number[]>();
  for (const [name, value] of subtasks.flatMap(entriesOf)) values.set(name, [...(values.get(name) ?? []), value]);
  if (get === undefined) return [...values.keys()].map((id) => ({ id }));
  return namesIn(get).flatMap((id) => {
    const of = values.get(id);
    if (of === undefined) return [];
    const sum = of.reduce((total, value) => total + value, 0);
    return [{ id, min: Math.min(...of), max: Math.max(...of), avg: sum / of.length, sum }];
  });
}

function entriesOf({ metrics }: SubtaskStatus): readonly (readonly [string, number])[] {
  return metrics === undefined ? [] : [...metricsOf(metrics)];
}

function chosen(all: readonly (readonly [string, number])[], get: string | undefined): readonly { readonly id: string }[] {
  if (get === undefined) return all.map(([id]) => ({ id }));
  const names = namesIn(get);
  return all.filter(([id]) => names.includes(id)).map(([id, value]): Metric => ({ id, value: shown(value) }));
}

function namesIn(get: string): readonly string[] {
  return get.split(',');
}

/** Watermarks before the first and after the last are Java's least and largest long, which Flink's pages know. */
function shown(value: number): string {
  if (value === MIN_WATERMARK) return '-9223372036854775808';
  return value === MAX_WATERMARK ? '9223372036854775807' : String(value);
}
