import type { Namespace } from './keyed-state-backend.js';

/** Lists by time as values of tables, one for each stretch: offset from its start, value, and so on, in the order in which they came. */
export type TimedEntries = unknown[];

/** The first time of a stretch. At first stretches were named by their numbers alone. */
export function startOf(stretch: Namespace, stretchMs: number): number {
  return typeof stretch === 'number' ? stretch * stretchMs : stretch[0];
}
