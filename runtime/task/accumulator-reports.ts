import { type Accumulator, type AccumulatorData, accumulatorData } from '#api';

/** What a subtask's accumulators hold, as plain data, to be reported when it has finished. */
export function accumulatorReports(
  accumulators: ReadonlyMap<string, Accumulator<unknown, unknown>>,
): Readonly<Record<string, AccumulatorData>> {
  return Object.fromEntries([...accumulators].map(([name, accumulator]) => [name, accumulatorData(accumulator)]));
}
