import type { AggregateFunction } from 'flink-ts';
import type { KeyedEvent } from './keyed-events.js';

/** What the windowed jobs make of a key's events: key, sum, count. */
export type SumAndCount = [key: number, sum: number, count: number];

/** Changes its accumulator, as the peer's function does. */
export const SUM_AND_COUNT: AggregateFunction<KeyedEvent, SumAndCount, SumAndCount> = {
  createAccumulator: () => [0, 0, 0],
  add: (event, accumulator) => {
    accumulator[0] = event.key;
    accumulator[1] += event.value;
    accumulator[2]++;
    return accumulator;
  },
  getResult: (accumulator) => accumulator,
  merge: (left, right) => {
    left[0] = right[0];
    left[1] += right[1];
    left[2] += right[2];
    return left;
  },
};
