import { expect } from 'chai';
import fc from 'fast-check';
import { keyIdentity, type KeyIdentity } from '#core';
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
        }),
        { numRuns: 60 },
      );
    });
  }
});

describe('KeyDirectory', () => {
  it('takes slots from keys when nobody uses them, at the next sweep', () => {
    const keys = new KeyDirectory(16);
    const slot = keys.slotOf('a');
    keys.retain(slot);
    keys.retain(slot);
    keys.release(slot);
    keys.sweep();
    expect(keys.find('a')).to.equal(slot);
    keys.release(slot);
    expect(keys.find('a')).to.equal(slot);
    keys.retain(slot);
    keys.release(slot);
    keys.sweep();
    expect(keys.find('a')).to.equal(-1);
    expect(keys.slotOf('b')).to.equal(slot);
    keys.retain(slot);
    keys.sweep();
    expect(keys.find('b')).to.equal(slot);
  });
});
