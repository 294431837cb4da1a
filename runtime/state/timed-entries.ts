import { invariant } from '#core';
import type { Namespace } from './keyed-state-backend.js';

/** Lists by time as values of tables, one for each stretch: offset from its start, value, and so on, in the order in which they came. */
export type TimedEntries = unknown[];

/** The times that a stretch is named by: where it begins and ends. */
export function timesOf(stretch: Namespace): readonly [startMs: number, endMs: number] {
  invariant(typeof stretch !== 'number', 'a stretch of time is named by its begin and end');
  return stretch;
}
