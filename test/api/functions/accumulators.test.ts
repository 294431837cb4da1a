import { expect } from 'chai';
import {
  accumulatorData,
  accumulatorResult,
  AverageAccumulator,
  DoubleCounter,
  DoubleMaximum,
  Histogram,
  IntCounter,
  IntMaximum,
  IntMinimum,
  ListAccumulator,
  LongCounter,
  LongMinimum,
  mergeAccumulators,
  type Accumulator,
  type AccumulatorData,
} from '#api';

/** What two subtasks together get, sent as JSON as between processes. */
function overTwoSubtasks<V>(make: () => Accumulator<V, never>, left: readonly V[], right: readonly V[]): unknown {
  const parts = [left, right].map((values) => {
    const accumulator = make();
    for (const value of values) accumulator.add(value);
    return JSON.parse(JSON.stringify({ it: accumulatorData(accumulator) })) as { it: AccumulatorData };
  });
  return accumulatorResult(mergeAccumulators(parts)['it']!);
}

describe('accumulators', () => {
  const merged = overTwoSubtasks as (make: () => unknown, left: readonly unknown[], right: readonly unknown[]) => unknown;

  it('are merged as plain data', () => {
    expect(merged(() => new IntCounter(), [1, 2], [3])).to.equal(6);
    expect(merged(() => new LongCounter(), [], [])).to.equal(0);
    expect(merged(() => new DoubleCounter(), [0.5], [0.25])).to.equal(0.75);
    expect(merged(() => new IntMinimum(), [3, 2], [4])).to.equal(2);
    expect(merged(() => new IntMaximum(), [3, 2], [4])).to.equal(4);
    expect(merged(() => new AverageAccumulator(), [1, 2], [6])).to.equal(3);
    expect(merged(() => new AverageAccumulator(), [], [])).to.equal(0);
    expect(merged(() => new Histogram(), [5, 1, 5], [5])).to.deep.equal(
      new Map([
        [1, 1],
        [5, 3],
      ]),
    );
    expect(merged(() => new ListAccumulator(), ['a'], ['b'])).to.deep.equal(['a', 'b']);
  });

  it('are merged in one process too, and start anew', () => {
    const minimum = new LongMinimum();
    minimum.add(3);
    minimum.merge(1);
    expect(minimum.localValue).to.equal(1);
    minimum.reset();
    expect(minimum.localValue).to.equal(Infinity);
    const average = new AverageAccumulator();
    average.add(1);
    average.merge({ sum: 5, count: 2 });
    expect(average.localValue).to.deep.equal({ sum: 6, count: 3 });
  });

  it('keep infinities when a subtask saw no value', () => {
    const nothing = accumulatorData(new DoubleMaximum());
    const something = new DoubleMaximum();
    something.add(1);
    expect(accumulatorResult(mergeAccumulators([{ it: nothing }, { it: accumulatorData(something) }])['it']!)).to.equal(1);
  });

  it('of the program itself give the list of their local values', () => {
    const own: Accumulator<number, string> = { add: () => undefined, localValue: 'x', merge: () => undefined, reset: () => undefined };
    expect(accumulatorResult(mergeAccumulators([{ it: accumulatorData(own) }, { it: accumulatorData(own) }])['it']!)).to.deep.equal([
      'x',
      'x',
    ]);
  });

  it('of one name must be of one kind', () => {
    const parts: Record<string, AccumulatorData>[] = [{ it: { kind: 'sum', value: 1 } }, { it: { kind: 'list', values: [] } }];
    expect(() => mergeAccumulators(parts)).to.throw('the accumulator "it" is of kind "sum" in one operator and "list" in another');
  });
});
