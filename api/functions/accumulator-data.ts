import { InvalidProgramError } from '../errors.js';
import type { Accumulator } from './accumulators.js';

/** An accumulator as plain data, so that whoever merges needs no code of the program. */
export type AccumulatorData =
  | { readonly kind: 'sum' | 'minimum' | 'maximum'; readonly value: number }
  | { readonly kind: 'average'; readonly sum: number; readonly count: number }
  | { readonly kind: 'histogram'; readonly counts: readonly (readonly [value: number, count: number])[] }
  | { readonly kind: 'list'; readonly values: readonly unknown[] };

/** What a subtask sends of an accumulator; of one that the program itself defines, its local value as a list of one. */
export function accumulatorData(accumulator: Accumulator<never, unknown>): AccumulatorData {
  return accumulator.toData?.() ?? { kind: 'list', values: [accumulator.localValue] };
}

/**
 * Joins what several subtasks sent for the accumulators of their names. The order does not matter, but in lists.
 * Throws `InvalidProgramError` when one name stands for accumulators of different kinds.
 */
export function mergeAccumulators(parts: Iterable<Readonly<Record<string, AccumulatorData>>>): Record<string, AccumulatorData> {
  const merged: Record<string, AccumulatorData> = {};
  for (const part of parts) {
    for (const [name, data] of Object.entries(part)) {
      const before = merged[name];
      merged[name] = before === undefined ? data : joined(name, before, data);
    }
  }
  return merged;
}

/** What the program sees in the job's result. */
export function accumulatorResult(data: AccumulatorData): unknown {
  switch (data.kind) {
    case 'average':
      return data.count === 0 ? 0 : data.sum / data.count;
    case 'histogram':
      return new Map([...data.counts].sort(([a], [b]) => a - b));
    case 'list':
      return data.values;
    default:
      return data.value;
  }
}

function joined(name: string, left: AccumulatorData, right: AccumulatorData): AccumulatorData {
  if (left.kind === 'average' && right.kind === 'average') {
    return { kind: 'average', sum: left.sum + right.sum, count: left.count + right.count };
  }
  if (left.kind === 'histogram' && right.kind === 'histogram') {
    return { kind: 'histogram', counts: joinedCounts(left.counts, right.counts) };
  }
  if (left.kind === 'list' && right.kind === 'list') return { kind: 'list', values: [...left.values, ...right.values] };
  if ('value' in left && 'value' in right && left.kind === right.kind) {
    return { kind: left.kind, value: joinNumbers[left.kind](left.value, right.value) };
  }
  throw new InvalidProgramError(
    `the accumulator "${name}" is of kind "${left.kind}" in one operator and "${right.kind}" in another`,
    'Give accumulators of different kinds different names.',
  );
}

const joinNumbers = {
  sum: (left: number, right: number) => left + right,
  minimum: (left: number, right: number) => Math.min(left, right),
  maximum: (left: number, right: number) => Math.max(left, right),
} as const;

type Counts = readonly (readonly [number, number])[];

function joinedCounts(left: Counts, right: Counts): Counts {
  const counts = new Map(left);
  for (const [value, count] of right) counts.set(value, (counts.get(value) ?? 0) + count);
  return [...counts];
}
