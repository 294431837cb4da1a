import { expect } from 'chai';
import fc from 'fast-check';
import { SeededRandom } from '#core';
import { StringKeys } from '../../../runtime/state/string-keys.js';

/** The oracle is a plain `Map`. */
function expectLikeMap(keys: readonly string[]): void {
  const table = new StringKeys();
  const twin = new Map<string, number>();
  for (const key of keys) {
    if (!twin.has(key)) twin.set(key, twin.size);
    const slot = table.slotOf(key);
    if (slot !== twin.get(key)) expect.fail(`${JSON.stringify(key)} is in slot ${slot}, not ${twin.get(key)}`);
    if (table.keyAt(slot) !== key) expect.fail(`slot ${slot} holds ${JSON.stringify(table.keyAt(slot))}, not ${JSON.stringify(key)}`);
  }
  expect(table.size).to.equal(twin.size);
}

/** Of few units, so that strings differ in one place or in their length only: NUL, Latin-1 and what is just beyond it. */
const alikeString = fc
  .array(fc.constantFrom('a', 'b', '\u0000', '\u00ff', '\u0100', '\u0161'), { maxLength: 14 })
  .map((units) => units.join(''));

describe('StringKeys', () => {
  it('tells strings apart as a map does', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(alikeString, fc.string({ unit: 'binary', maxLength: 14 })), { maxLength: 80 }), expectLikeMap),
      {
        numRuns: 500,
      },
    );
  });

  it('tells all strings of two letters apart, up to a length beyond the short ones', () => {
    const keys = ['', '\u0000', '\u0000\u0000'];
    for (let length = 1; length <= 13; length++) {
      for (let bits = 0; bits < 1 << length; bits++) keys.push(bits.toString(2).padStart(length, '0'));
    }
    expectLikeMap([...keys, ...keys]);
  });

  it('keeps the slots of short and long strings through many growths', () => {
    const random = new SeededRandom(7);
    const kinds = [
      () => `${random.nextInt(30_000)}`,
      () => `user-${random.nextInt(30_000)}`,
      () => `a rather long key, number ${random.nextInt(10_000)}`,
      () => `ключ ${random.nextInt(10_000)}`,
    ];
    expectLikeMap(Array.from({ length: 150_000 }, () => kinds[random.nextInt(kinds.length)]!()));
  });

  const regular: Readonly<Record<string, (index: number) => string>> = {
    'numbers as text': (index) => `${index}`,
    'numbers behind a prefix': (index) => `user-${index}`,
    'numbers before a suffix': (index) => `${index}-user`,
    'numbers with zeros': (index) => `${index}`.padStart(11, '0'),
    'numbers in the middle': (index) => `abc${String(index).padStart(5, '0')}xyz`,
    'low units': (index) => String.fromCharCode(index & 255, 0, 0, index >> 8, 0, 0, 0, 0),
    'numbers of base 36': (index) => index.toString(36),
  };
  for (const [name, keyAt] of Object.entries(regular)) {
    it(`finds ${name} quickly`, () => {
      const keys = new StringKeys();
      const count = 60_000;
      const startMs = performance.now();
      for (let round = 0; round < 2; round++) for (let index = 0; index < count; index++) keys.slotOf(keyAt(index));
      expect(keys.size).to.equal(count);
      expect(performance.now() - startMs, 'ms').to.be.below(5000);
    });
  }
});
