import { expect } from 'chai';
import fc from 'fast-check';
import { LOOK_AHEAD_ROWS } from '#core';
import { KeptNamespaces } from '../../../../runtime/state/heap/kept-namespaces.js';

const table = fc.nat({ max: 3 });
/** Some keys in a row. */
const range = { table, from: fc.nat({ max: 4000 }), count: fc.integer({ min: 1, max: 1500 }), ahead: fc.boolean(), number: fc.nat() };
const step = fc.oneof(
  { weight: 15, arbitrary: fc.record({ does: fc.constantFrom('set' as const, 'remove' as const, 'change' as const), ...range }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('drop' as const), table }) },
);

type Row = [number, number, [number, number]];

describe('tables of namespaces in memory', () => {
  it('have what was set, whatever was looked at ahead, came out of use, or was left by tables that were dropped', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const state = new KeptNamespaces(128, 0, { name: 'rows', kind: 'window', type: undefined });
        const expected = new Map<number, Map<number, Row>>();
        for (const each of steps) {
          if (each.does === 'drop') {
            state.drop(each.table);
            expected.delete(each.table);
            continue;
          }
          const table = state.table(each.table);
          const rows = expected.get(each.table) ?? new Map<number, Row>();
          expected.set(each.table, rows);
          for (let i = 0; i < each.count; i++) {
            if (each.ahead && i % LOOK_AHEAD_ROWS === 0) table.prefetch(keysFrom(each.from + i), LOOK_AHEAD_ROWS);
            const key = (each.from + i) * 3;
            if (each.does === 'set') {
              const row: Row = [key, each.number, [i, each.number]];
              table.set(table.slotOf(key), structuredClone(row));
              rows.set(key, row);
              continue;
            }
            const slot = table.find(key);
            if (slot < 0) continue;
            if (each.does === 'remove') {
              table.remove(slot);
              rows.delete(key);
            } else {
              expect(table.parts!.change(slot, 1, each.number, [i, i])).to.equal(true);
              rows.set(key, [key, each.number, [i, i]]);
            }
          }
          expect(table.size).to.equal(rows.size);
        }
        for (const [namespace, rows] of expected) {
          const found = new Map<unknown, unknown>();
          for (const cursor = state.table(namespace).cursor(); cursor.next();) found.set(cursor.key, cursor.value);
          expect(found).to.deep.equal(rows);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('do not take a key for another that got its slot after it was looked at ahead', () => {
    const table = new KeptNamespaces(128, 0, { name: 'rows', kind: 'window', type: undefined }).table(0);
    for (let key = 0; key < 5000; key++) table.set(table.slotOf(key), key);
    for (let key = 0; key < 2000; key++) table.remove(table.find(key));
    const [slot] = table.prefetch(Float64Array.of(1999), 1);
    expect(slot, 'it has its slot still').to.be.at.least(0);
    for (let key = 2000; key < 4000; key++) table.remove(table.find(key));
    for (let key = 5000; key < 9000; key++) table.set(table.slotOf(key), key);
    expect(table.keyAt(slot!), 'it has gone to another').to.be.above(1999);
    expect(table.find(1999)).to.equal(-1);
  });

  it('tell parts of values only where these are arrays of numbers', () => {
    const state = new KeptNamespaces(128, 0, { name: 'rows', kind: 'window', type: undefined });
    const table = state.table(0);
    table.set(table.slotOf('a'), [1, 2, { sum: 3, count: 4 }]);
    const slot = table.find('a');
    expect([table.parts?.number(slot, 1), table.parts?.last(slot)]).to.deep.equal([2, { sum: 3, count: 4 }]);
    expect(table.parts?.change(slot, 1, 5, { sum: 'many' }), 'of another shape').to.equal(false);
    expect(table.get(slot)).to.deep.equal([1, 2, { sum: 3, count: 4 }]);
    table.set(slot, [1, 5, { sum: 'many' }]);
    expect(table.parts).to.equal(undefined);
    expect(table.get(slot)).to.deep.equal([1, 5, { sum: 'many' }]);
  });
});

function keysFrom(first: number): Float64Array {
  return Float64Array.from({ length: LOOK_AHEAD_ROWS }, (_, i) => (first + i) * 3);
}
