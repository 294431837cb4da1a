import { expect } from 'chai';
import fc from 'fast-check';
import type { BuiltInAggregation, KeySpec } from '#api';
import { FieldNotAggregatableError } from '../../../runtime/operators/field-aggregation.js';
import { FieldAggregator } from '../../../runtime/operators/field-aggregator.js';
import { deepFreeze } from '../../support/frozen.js';

class Reading {
  constructor(
    readonly key: unknown,
    readonly value: unknown,
    readonly place: string,
  ) {}
  get label(): string {
    return `${this.place}!`;
  }
}

interface Shape {
  readonly field: string;
  readonly key: KeySpec;
  record(key: unknown, value: unknown, other: string): unknown;
  valueOf(record: never): unknown;
  /** A record like the first, with the value. */
  replaced(first: never, value: unknown): unknown;
}

interface Plain {
  key: unknown;
  value: unknown;
  other: string;
}
interface Nested {
  in: { key: unknown; deep: { value: unknown; other: string } };
}

const SHAPES: Readonly<Record<string, Shape>> = {
  object: {
    field: 'value',
    key: { field: 'key', select: (record) => (record as Plain).key },
    record: (key, value, other) => ({ key, value, other }),
    valueOf: (record: Plain) => record.value,
    replaced: (first: Plain, value) => ({ ...first, value }),
  },
  tuple: {
    field: '1',
    key: { field: '0', select: (record) => (record as unknown[])[0] },
    record: (key, value, other) => [key, value, other],
    valueOf: (record: unknown[]) => record[1],
    replaced: (first: unknown[], value) => [first[0], value, first[2]],
  },
  'object with a selected key': {
    field: 'value',
    key: { select: (record) => (record as Plain).key },
    record: (key, value, other) => ({ key, value, other }),
    valueOf: (record: Plain) => record.value,
    replaced: (first: Plain, value) => ({ ...first, value }),
  },
  'tuple with a computed key': {
    field: '1',
    key: { select: (record) => String((record as unknown[])[0]).slice(0, 1) },
    record: (key, value, other) => [key, value, other],
    valueOf: (record: unknown[]) => record[1],
    replaced: (first: unknown[], value) => [first[0], value, first[2]],
  },
  nested: {
    field: 'in.deep.value',
    key: { field: 'in.key', select: (record) => (record as Nested).in.key },
    record: (key, value, other) => ({ in: { key, deep: { value, other } } }),
    valueOf: (record: Nested) => record.in.deep.value,
    replaced: (first: Nested, value) => ({ in: { key: first.in.key, deep: { value, other: first.in.deep.other } } }),
  },
  instance: {
    field: 'value',
    key: { select: (record) => (record as Reading).key },
    record: (key, value, other) => new Reading(key, value, other),
    valueOf: (record: Reading) => record.value,
    replaced: (first: Reading, value) => new Reading(first.key, value, first.place),
  },
};

const REPLACING: Readonly<Record<'sum' | 'min' | 'max', (left: never, right: never) => unknown>> = {
  sum: (left: number, right: number) => left + right,
  min: (left: number, right: number) => (right < left ? right : left),
  max: (left: number, right: number) => (right > left ? right : left),
};

/** What each record should give, worked out with a Map. */
function twin(shape: Shape, aggregation: BuiltInAggregation, first: boolean, records: readonly unknown[]): unknown[] {
  const kept = new Map<unknown, never>();
  return records.map((record) => {
    const key = shape.key.select(record);
    const before = kept.get(key);
    const after = before === undefined ? record : step(shape, aggregation, first, before, record as never);
    kept.set(key, after as never);
    return after;
  });
}

function step(shape: Shape, aggregation: BuiltInAggregation, first: boolean, before: never, record: never): unknown {
  const [left, right] = [shape.valueOf(before) as never, shape.valueOf(record) as never];
  if (aggregation !== 'minBy' && aggregation !== 'maxBy') return shape.replaced(before, REPLACING[aggregation](left, right));
  const better = aggregation === 'minBy' ? right < left : right > left;
  const equal = !(right < left) && !(right > left);
  return better || (equal && !first) ? record : before;
}

const anyKey = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom('a', 'b', 'a key of more than thirteen letters', 0.5, -1));
const numbers = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double({ noNaN: true }));
const VALUES: Readonly<Record<string, { readonly values: fc.Arbitrary<unknown>; readonly sums: boolean }>> = {
  number: { values: numbers, sums: true },
  bigint: { values: fc.bigInt({ min: -9n, max: 9n }), sums: true },
  string: { values: fc.string({ maxLength: 20 }), sums: false },
  date: { values: fc.integer({ min: 0, max: 9 }).map((ms) => new Date(ms)), sums: false },
  boolean: { values: fc.boolean(), sums: false },
};

describe('FieldAggregator', () => {
  for (const [shapeName, shape] of Object.entries(SHAPES)) {
    for (const [valueName, { values, sums }] of Object.entries(VALUES)) {
      it(`aggregates a ${valueName} in a record of shape ${shapeName}`, () => {
        const aggregations = fc.constantFrom<BuiltInAggregation>(...(sums ? ['sum' as const] : []), 'min', 'max', 'minBy', 'maxBy');
        const rows = fc.array(fc.tuple(anyKey, values, fc.string({ maxLength: 20 })), { maxLength: 30 });
        fc.assert(
          fc.property(aggregations, fc.boolean(), rows, (aggregation, first, parts) => {
            const records = parts.map(([key, value, other]) => deepFreeze(shape.record(key, value, other)));
            expectLikeTwin(shape, aggregation, first, records);
          }),
          { numRuns: 50 },
        );
      });
    }
  }

  it('takes records of other shapes as they come', () => {
    const object = SHAPES['object']!;
    const anyRecord = fc
      .tuple(anyKey, numbers, fc.constantFrom('plain', 'more', 'fewer', 'turned', 'instance'))
      .map(([key, value, form]) => {
        switch (form) {
          case 'more':
            return { key, value, other: 'x', more: [1] };
          case 'fewer':
            return { key, value };
          case 'turned':
            return { value, other: 'x', key };
          case 'instance':
            return new Reading(key, value, 'here');
          default:
            return { key, value, other: 'y' };
        }
      });
    const shape: Shape = {
      ...object,
      replaced: (first: Plain, value) => (first instanceof Reading ? new Reading(first.key, value, first.place) : { ...first, value }),
    };
    fc.assert(
      fc.property(
        fc.constantFrom<BuiltInAggregation>('sum', 'min', 'max', 'minBy', 'maxBy'),
        fc.array(anyRecord, { maxLength: 30 }),
        (aggregation, records) => {
          expectLikeTwin(
            shape,
            aggregation,
            true,
            records.map((record) => deepFreeze(record)),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('goes on when numbers and bigints of the same field belong to different keys', () => {
    const shape = SHAPES['object']!;
    expectLikeTwin(
      shape,
      'sum',
      true,
      [
        ['a', 1],
        ['b', 2n],
        ['a', 3],
        ['b', 4n],
        ['c', 5],
      ].map(([key, value]) => shape.record(key, value, 'x')),
    );
  });

  it('finds out that a field is not the key after all, and gives nothing of it away', () => {
    const shape = SHAPES['object with a selected key']!;
    const aggregator = new FieldAggregator({ select: (record) => (record as Plain).other }, 'sum', 'value', true);
    const records = [
      ['a', 1, 'a'],
      ['b', 2, 'b'],
      ['x', 3, 'a'],
      ['y', 4, 'c'],
      ['z', 5, 'c'],
      ['a', 6, 'b'],
    ].map(([key, value, other]) => shape.record(key, value, other as string));
    const selectOther = { ...shape, key: { select: (record: unknown) => (record as Plain).other } };
    expectLikeTwin(selectOther, 'sum', true, records);
    for (const record of records) aggregator.absorb(record);
    expect([0, 1, 2].map((slot) => aggregator.resultAt(slot))).to.deep.equal([
      { key: 'a', value: 4, other: 'a' },
      { key: 'b', value: 8, other: 'b' },
      { key: 'y', value: 9, other: 'c' },
    ]);
  });

  it('keeps the class of a record', () => {
    const aggregator = new FieldAggregator(SHAPES['instance']!.key, 'sum', 'value', true);
    aggregator.update(new Reading('a', 1, 'here'));
    expect((aggregator.update(new Reading('a', 2, 'there')) as Reading).label).to.equal('here!');
  });

  it('never changes what it has emitted', () => {
    const aggregator = new FieldAggregator(SHAPES['object']!.key, 'sum', 'value', true);
    const results = [1, 2, 3].map((value) => aggregator.update({ key: 'a', value, other: '' }));
    expect(results).to.deep.equal([1, 3, 6].map((value) => ({ key: 'a', value, other: '' })));
  });

  it('grows past the first thousands of keys', () => {
    const aggregator = new FieldAggregator(SHAPES['object']!.key, 'sum', 'value', true);
    const keys = 5000;
    for (let round = 0; round < 2; round++) {
      for (let key = 0; key < keys; key++) aggregator.absorb({ key, value: key, other: `key ${key}` });
    }
    expect(aggregator.size).to.equal(keys);
    for (const slot of [0, 1, 1023, 1024, 2048, 4999]) {
      expect(aggregator.resultAt(slot)).to.deep.equal({ key: slot, value: 2 * slot, other: `key ${slot}` });
    }
  });

  describe('says what cannot be aggregated:', () => {
    const aggregate =
      (aggregation: BuiltInAggregation, field: string, ...records: unknown[]) =>
      (): void => {
        const aggregator = new FieldAggregator({ select: () => 1 }, aggregation, field, true);
        for (const record of records) aggregator.update(record);
      };

    it('a field that is not there', () => {
      expect(aggregate('sum', 'amount', { id: 1, total: 2 })).to.throw(
        FieldNotAggregatableError,
        'cannot take the sum of field "amount": the record with the fields "id", "total" has no such field',
      );
      expect(aggregate('max', 'a.b', { a: 1 })).to.throw(FieldNotAggregatableError, '"a.b"');
      expect(aggregate('max', '0', 'text')).to.throw(FieldNotAggregatableError, 'of type string');
    });

    it('values of the wrong type, in the first record or a later one', () => {
      expect(aggregate('sum', 'v', { v: '1' })).to.throw(FieldNotAggregatableError, 'its value is of type string');
      expect(aggregate('sum', 'v', { v: 1 }, { v: '1' })).to.throw(FieldNotAggregatableError, 'its value is of type string');
      expect(aggregate('minBy', 'v', { v: 1 }, { v: null })).to.throw(FieldNotAggregatableError, 'its value is null');
      expect(aggregate('min', 'v', { v: {} })).to.throw(FieldNotAggregatableError, 'its value is of type object');
    });

    it('a field that only later records lack', () => {
      expect(aggregate('sum', 'v', { v: 1 }, { w: 1 })).to.throw(
        FieldNotAggregatableError,
        'the record with the fields "w" has no such field',
      );
      expect(aggregate('sum', 'v', { v: 1 }, null)).to.throw(FieldNotAggregatableError, 'of type object');
    });
  });
});

function expectLikeTwin(shape: Shape, aggregation: BuiltInAggregation, first: boolean, records: readonly unknown[]): void {
  const expected = twin(shape, aggregation, first, records);
  const running = new FieldAggregator(shape.key, aggregation, shape.field, first);
  expect(records.map((record) => running.update(record))).to.deep.equal(expected);
  const final = new FieldAggregator(shape.key, aggregation, shape.field, first);
  for (const record of records) final.absorb(record);
  const last = new Map(records.map((record, index) => [shape.key.select(record), expected[index]]));
  expect(final.size).to.equal(last.size);
  expect(Array.from({ length: final.size }, (_, slot) => final.resultAt(slot))).to.deep.equal([...last.values()]);
}
