import { expect } from 'chai';
import fc from 'fast-check';
import { setImmediate } from 'node:timers/promises';
import type { KeySpec } from '#api';
import type { UpdatingOperator } from '../../../runtime/chain/stage.js';
import { AccumulatingOperator, aggregateAccumulation, foldAccumulation } from '../../../runtime/operators/accumulating.js';
import { FieldAggregator } from '../../../runtime/operators/field-aggregator.js';
import { Reducer } from '../../../runtime/operators/reducer.js';
import type { KeyedStateHandle } from '../../../runtime/checkpoint/handles.js';
import type { KeyedStateBackend, OperatorRows, OperatorTable } from '../../../runtime/state/keyed-state-backend.js';
import { backendOf, inMemory } from '../state/heap/backend-bench.js';
import { LsmBackendBench } from '../state/lsm/lsm-backend-bench.js';
import type { MakeBackend } from '../state/random-operations.js';

interface Item {
  readonly key: string | number;
  readonly value: number;
  readonly note: string;
}

const byKey: KeySpec = { select: (record) => (record as Item).key, field: 'key' };
const byRemainder: KeySpec = { select: (record) => (record as Item).value % 3 };

type Rolling = UpdatingOperator & OperatorTable;

const OPERATORS: Readonly<Record<string, (rows?: OperatorRows) => Rolling>> = {
  reduce: (rows) => new Reducer(byKey, (a, b) => ({ ...(a as Item), value: (a as Item).value + (b as Item).value }), rows),
  'reduce in place': (rows) => {
    const add = (a: unknown, b: unknown): unknown => {
      (a as { value: number }).value += (b as Item).value;
      return a;
    };
    return new Reducer(byKey, add, rows);
  },
  sum: (rows) => new FieldAggregator(byKey, 'sum', 'value', true, rows),
  'sum of the field that the key is made of': (rows) => new FieldAggregator(byRemainder, 'sum', 'value', true, rows),
  minBy: (rows) => new FieldAggregator(byKey, 'minBy', 'value', true, rows),
  fold: (rows) =>
    new AccumulatingOperator(
      byKey,
      foldAccumulation(
        () => [],
        (list, record) => {
          (list as unknown[]).push((record as Item).value);
          return list;
        },
      ),
      rows,
    ),
  aggregate: (rows) =>
    new AccumulatingOperator(
      byKey,
      aggregateAccumulation({
        createAccumulator: () => ({ count: 0 }),
        add: (_record, accumulator) => ({ count: (accumulator as { count: number }).count + 1 }),
        getResult: (accumulator) => (accumulator as { count: number }).count,
        merge: (a) => a,
      }),
      rows,
    ),
};

/** An operator with its state. */
class Running {
  private constructor(
    readonly backend: KeyedStateBackend,
    readonly operator: Rolling,
  ) {}

  static async from(
    backendOf: MakeBackend,
    make: (rows: OperatorRows) => Rolling,
    restored: readonly KeyedStateHandle[],
  ): Promise<Running> {
    const backend = await backendOf(restored);
    const rows = backend.operatorRows!({ name: 'rolling', kind: 'rows', type: undefined });
    const operator = make(rows);
    rows.attach(operator);
    return new Running(backend, operator);
  }

  /** Results as they are when the record was processed. */
  update(records: readonly Item[]): unknown[] {
    return records.map((record) => structuredClone(this.operator.update(structuredClone(record))));
  }
}

const sameKind = fc.record(
  { key: fc.nat({ max: 40 }), value: fc.integer({ min: -99, max: 99 }), note: fc.string() },
  { noNullPrototype: true },
);
const otherKind = fc.record(
  { key: fc.constantFrom('a', 'b', 'c'), value: fc.nat({ max: 99 }), note: fc.string() },
  { noNullPrototype: true },
);
const records = fc.oneof(
  fc.array(sameKind, { maxLength: 60, size: 'max' }),
  fc.array(fc.oneof({ weight: 9, arbitrary: sameKind }, { weight: 1, arbitrary: otherKind }), { maxLength: 60, size: 'max' }),
);
const steps = fc.array(fc.record({ before: records, during: records, end: fc.constantFrom('confirm', 'abort', 'restore', 'full') }), {
  minLength: 1,
  maxLength: 6,
});

function goOn(backendOf: MakeBackend): void {
  for (const [name, make] of Object.entries(OPERATORS)) {
    it(`go on after a restore as if nothing had happened: ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (all) => {
          let running = await Running.from(backendOf, make, []);
          const twin = await Running.from(backendOf, make, []);
          for (const [checkpointId, { before, during, end }] of all.entries()) {
            expect(running.update(before)).to.deep.equal(twin.update(before));
            const writing = running.backend.snapshot(checkpointId, { full: end === 'full' }).write(inMemory);
            const half = during.length >> 1;
            const results = running.update(during.slice(0, half));
            await setImmediate();
            results.push(...running.update(during.slice(half)));
            const handle = await writing;
            if (end === 'abort') running.backend.abort(checkpointId);
            else running.backend.confirm(checkpointId);
            if (end === 'restore') {
              running = await Running.from(backendOf, make, [handle]);
              expect(running.update(during)).to.deep.equal(results);
            }
            expect(twin.update(during)).to.deep.equal(results);
          }
        }),
        { numRuns: 30 },
      );
    });
  }
}

describe('rolling operators with state', () => {
  goOn(backendOf);
});

describe('rolling operators with state of the rocksdb backend', () => {
  const bench = new LsmBackendBench();
  after(() => bench.close());

  goOn(bench.make);
});
