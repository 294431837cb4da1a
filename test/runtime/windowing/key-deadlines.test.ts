import { expect } from 'chai';
import fc from 'fast-check';
import type { NamespaceTable } from '../../../runtime/state/keyed-state-backend.js';
import { KeyDeadlines } from '../../../runtime/windowing/key-deadlines.js';

/** A table whose keys are the slots themselves. */
const IDENTITY = { slotOf: (key: unknown) => key, keyAt: (slot: number) => slot } as unknown as NamespaceTable<unknown>;

const step = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({ slot: fc.oneof(fc.nat({ max: 2000 }), fc.nat({ max: 20_000 })), time: fc.integer({ min: 0, max: 2000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ until: fc.integer({ min: 0, max: 2500 }) }) },
);

describe('deadlines of keys', () => {
  for (const slotsStay of [true, false]) {
    it(`gives out each key by the earliest time it was said for: ${slotsStay ? 'slots' : 'keys'}`, () => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 600, size: 'max' }), (steps) => {
          const deadlines = new KeyDeadlines(IDENTITY, slotsStay);
          const expected = new Map<number, number>();
          for (const { slot, time, until } of steps as { slot?: number; time?: number; until?: number }[]) {
            if (slot !== undefined && time !== undefined) {
              deadlines.add(slot, time);
              expected.set(slot, Math.min(time, expected.get(slot) ?? Infinity));
              continue;
            }
            expect(deadlines.earliest).to.be.at.most(Math.min(...expected.values()));
            takeAll(deadlines, until!, expected);
          }
          takeAll(deadlines, Infinity, expected);
          expect([deadlines.earliest, expected.size]).to.deep.equal([Infinity, 0]);
        }),
        { numRuns: 60 },
      );
    });
  }
});

/** All that is due comes, once. What comes early is said for again, as sessions do. */
function takeAll(deadlines: KeyDeadlines, until: number, expected: Map<number, number>): void {
  for (let slot = deadlines.take(until); slot >= 0; slot = deadlines.take(until)) {
    const time = expected.get(slot);
    expect(time, `key ${slot}`).not.to.equal(undefined);
    if (time! > until) deadlines.add(slot, time!);
    else expected.delete(slot);
  }
  expect(Math.min(...expected.values())).to.be.above(until === Infinity ? 0 : until);
}
