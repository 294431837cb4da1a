import { expect } from 'chai';
import fc from 'fast-check';
import { keyIdentity, type KeyIdentity, LOOK_AHEAD_ROWS } from '#core';
import { KeyDirectory } from '../../../runtime/state/heap/key-directory.js';
import { KeyTable } from '../../../runtime/state/key-table.js';

const KINDS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  numbers: fc.nat({ max: 3000 }),
  'numbers of the same hash': fc.nat({ max: 60 }).map((key) => key * 2 ** 40),
  strings: fc.nat({ max: 3000 }).map((key) => `the key ${key}`),
  pairs: fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat({ max: 500 })),
  triples: fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat({ max: 50 }), fc.constantFrom('x', 'y')),
  objects: fc.record({ z: fc.constantFrom('a', 'b', 'c'), a: fc.nat({ max: 500 }) }, { noNullPrototype: true }),
  dates: fc.nat({ max: 300 }).map((ms) => new Date(ms)),
  'first numbers, then others': fc.oneof(
    { weight: 50, arbitrary: fc.nat({ max: 300 }) },
    { weight: 1, arbitrary: fc.constantFrom('a', null, [1]) },
  ),
};

describe('KeyTable with keys that are removed', () => {
  for (const [kind, key] of Object.entries(KINDS)) {
    it(`gives their slots to others: ${kind}`, () => {
      const steps = fc.array(fc.record({ key, remove: fc.boolean() }), { maxLength: 400, size: 'max' });
      fc.assert(
        fc.property(steps, (all) => {
          const table = new KeyTable(true);
          const slots = new Map<KeyIdentity, number>();
          let most = 0;
          for (const { key: of, remove } of all) {
            const identity = keyIdentity(of);
            const known = slots.get(identity);
            expect(table.find(of)).to.equal(known ?? -1);
            if (!remove) {
              const slot = table.slotOf(of);
              if (known === undefined) expect([...slots.values()], 'a slot that is free').not.to.include(slot);
              else expect(slot).to.equal(known);
              slots.set(identity, slot);
            } else if (known !== undefined) {
              table.remove(known);
              slots.delete(identity);
            }
            most = Math.max(most, slots.size);
            expect(table.size).to.equal(slots.size);
          }
          for (const [identity, slot] of slots) {
            expect(keyIdentity(table.keyAt(slot))).to.equal(identity);
            expect(slot, 'slots are dense').to.be.below(most);
          }
          expectFoundAtOnce(table, kind);
        }),
        { numRuns: 60 },
      );
    });
  }
});

/** Numbers are found together as they are one by one, as long as no key of another kind came; others are not found so. */
function expectFoundAtOnce(table: KeyTable, kind: string): void {
  for (const numberAt of [(i: number) => i, (i: number) => [i * 2 ** 40, i + 0.5, i][i % 3]!]) {
    for (let first = 0; first < 400; first += LOOK_AHEAD_ROWS) {
      const keys = Float64Array.from({ length: LOOK_AHEAD_ROWS }, (_, i) => numberAt(first + i));
      const slots = new Int32Array(keys.length);
      table.findAll(keys, keys.length, slots);
      const oneByOne = Array.from(keys, (key) => table.find(key));
      const none = oneByOne.map(() => -1);
      if (kind.startsWith('numbers')) expect([...slots]).to.deep.equal(oneByOne);
      else if (kind.startsWith('first numbers')) expect([oneByOne.join(), none.join()]).to.include(slots.join());
      else expect([...slots]).to.deep.equal(none);
    }
  }
}

describe('KeyDirectory', () => {
  it('takes slots from keys when more are unused than used, the longest unused first, a few at each sweep', () => {
    const keys = new KeyDirectory(16);
    const slots = Array.from({ length: 5000 }, (_, key) => keys.slotOf(key));
    for (const slot of slots) keys.retain(slot);
    for (const slot of slots.slice(0, 2000)) keys.release(slot);
    for (let round = 0; round < 2000; round++) keys.sweep();
    expect(keys.size, 'as long as more are used').to.equal(5000);
    for (const slot of slots.slice(2000, 4000)) keys.release(slot);
    // used again before it was swept, and then unused again: it is not the first any more
    keys.retain(slots[0]!);
    const before = keys.size;
    keys.sweep();
    expect(before - keys.size).to.be.within(1, 8);
    for (let round = 0; round < 2000; round++) keys.sweep();
    expect(keys.size).to.be.within(2000, 2026);
    expect(keys.find(0)).to.equal(slots[0]);
    for (let key = 1; key < 2000; key++) expect(keys.find(key), `${key}`).to.equal(-1);
    for (let key = 4000; key < 5000; key++) expect(keys.find(key)).to.equal(slots[key]);
  });

  it('gives slots that were taken to other keys, and keeps few keys whatever becomes of them', () => {
    const keys = new KeyDirectory(16);
    for (let key = 0; key < 100_000; key++) {
      keys.sweep();
      const slot = keys.slotOf(`key ${key}`);
      keys.retain(slot);
      keys.release(slot);
    }
    expect(keys.size).to.be.below(1100);
    expect(keys.end).to.be.below(1100);
  });
});
