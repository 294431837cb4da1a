import { expect } from 'chai';
import fc from 'fast-check';
import { SlotSet } from '../../../../runtime/state/heap/slot-set.js';

const slot = fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 100_000 }));
const anyStep = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), slot }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), slot }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('take' as const), slot: fc.constant(0) }) },
);

describe('a set of slots', () => {
  it('has what a plain set has', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 200, size: 'max' }), (steps) => {
        const set = new SlotSet();
        const twin = new Set<number>();
        for (const { kind, slot: at } of steps) {
          if (kind === 'add') {
            expect(set.add(at)).to.equal(!twin.has(at));
            twin.add(at);
          } else if (kind === 'delete') expect(set.delete(at)).to.equal(twin.delete(at));
          else if (twin.size > 0) expect(twin.delete(set.take())).to.equal(true);
          expect(set.size).to.equal(twin.size);
          expect(set.has(at)).to.equal(twin.has(at));
        }
        expect([...set.slots()].sort((a, b) => a - b)).to.deep.equal([...twin].sort((a, b) => a - b));
      }),
    );
  });

  it('tells every slot that stays, once, although others come and go while it is walked', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(slot, { minLength: 1, maxLength: 60 }),
        fc.array(anyStep, { maxLength: 100, size: 'max' }),
        (slots, steps) => {
          const set = new SlotSet();
          for (const each of slots) set.add(each);
          const touched = new Set<number>();
          const told: number[] = [];
          const changes = steps.values();
          for (const each of set.slots()) {
            if (!touched.has(each)) told.push(each);
            for (const change of [changes.next().value, changes.next().value]) {
              if (change?.kind === 'add' && set.add(change.slot)) touched.add(change.slot);
              if (change?.kind === 'delete' && set.delete(change.slot)) touched.add(change.slot);
              if (change?.kind === 'take' && set.size > 0) touched.add(set.take());
            }
          }
          expect(new Set(told).size).to.equal(told.length);
          for (const each of slots) if (!touched.has(each)) expect(told).to.include(each);
        },
      ),
    );
  });

  it('gives neighbours out together', () => {
    const set = new SlotSet();
    for (let each = 6399; each >= 0; each--) set.add(each);
    let jumps = 0;
    for (let before = set.take(); set.size > 0;) {
      const next = set.take();
      if (next !== before + 1) jumps++;
      before = next;
    }
    expect(jumps).to.be.below(250);
  });
});
