import { expect } from 'chai';
import fc from 'fast-check';
import type { KeySpec } from '#api';
import { AccumulatingOperator, aggregateAccumulation, foldAccumulation } from '../../../runtime/operators/accumulating.js';
import { Reducer } from '../../../runtime/operators/reducer.js';

type Row = readonly [key: unknown, value: number];
const key: KeySpec = { select: (record) => (record as Row)[0] };
const anyKey = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constantFrom('a', 'b', null, true, [1, 2], NaN));
const rows = fc.array(fc.tuple(anyKey, fc.integer()), { maxLength: 40 });

/** Results of running and of final reduction, by a Map with the keys as text. */
function twin(records: readonly Row[]): { running: Row[]; final: Row[] } {
  const kept = new Map<string, Row>();
  const running = records.map((record): Row => {
    const before = kept.get(JSON.stringify([record[0], String(record[0])]));
    const after: Row = before === undefined ? record : [before[0], before[1] + record[1]];
    kept.set(JSON.stringify([record[0], String(record[0])]), after);
    return after;
  });
  return { running, final: [...kept.values()] };
}

describe('Reducer', () => {
  const reduce = (left: unknown, right: unknown): Row => [(left as Row)[0], (left as Row)[1] + (right as Row)[1]];

  it('reduces like a map', () => {
    fc.assert(
      fc.property(rows, (records) => {
        const expected = twin(records);
        const running = new Reducer(key, reduce);
        expect(records.map((record) => running.update(record))).to.deep.equal(expected.running);
        const final = new Reducer(key, reduce);
        for (const record of records) final.absorb(record);
        expect(Array.from({ length: final.size }, (_, slot) => final.resultAt(slot))).to.deep.equal(expected.final);
      }),
    );
  });

  it('hands results of other types on as they are', () => {
    const reducer = new Reducer({ select: () => 1 }, (left, right) => (left as number) + (right as number));
    expect([1, 2, 3].map((value) => reducer.update(value))).to.deep.equal([1, 3, 6]);
    expect(reducer.size).to.equal(1);
  });
});

describe('AccumulatingOperator', () => {
  const sum = aggregateAccumulation({
    createAccumulator: () => ({ key: undefined as unknown, sum: 0 }),
    add: (record, accumulator) => {
      const state = accumulator as { key: unknown; sum: number };
      [state.key] = record as Row;
      state.sum += (record as Row)[1];
      return state;
    },
    getResult: (accumulator) => {
      const { key: name, sum: total } = accumulator as { key: unknown; sum: number };
      return [name, total];
    },
    merge: (left) => left,
  });

  it('accumulates like a map', () => {
    fc.assert(
      fc.property(rows, (records) => {
        const expected = twin(records);
        const running = new AccumulatingOperator(key, sum);
        expect(records.map((record) => running.update(record))).to.deep.equal(expected.running);
        const final = new AccumulatingOperator(key, sum);
        for (const record of records) final.absorb(record);
        expect(Array.from({ length: final.size }, (_, slot) => final.resultAt(slot))).to.deep.equal(expected.final);
      }),
    );
  });

  it('starts every key with an accumulator of its own', () => {
    const lists = new AccumulatingOperator(
      key,
      foldAccumulation(
        () => [],
        (list, record) => [...(list as number[]), (record as Row)[1]],
      ),
    );
    const records: Row[] = [
      ['a', 1],
      ['b', 2],
      ['a', 3],
    ];
    expect(records.map((record) => lists.update(record))).to.deep.equal([[1], [2], [1, 3]]);
  });

  it('does not look through accumulators that grow', () => {
    const grow = foldAccumulation(
      () => [],
      (list, record) => {
        (list as unknown[]).push(record);
        return list;
      },
    );
    const operator = new AccumulatingOperator({ select: () => 1 }, grow);
    const records = 100_000;
    const startMs = performance.now();
    for (let record = 0; record < records; record++) operator.update(`record number ${record}`);
    expect(performance.now() - startMs, 'ms').to.be.below(5000);
    expect(operator.resultAt(0)).to.have.lengthOf(records);
  });
});
