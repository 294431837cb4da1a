import { expect } from 'chai';
import fc from 'fast-check';
import { keyIdentity, SeededRandom } from '#core';
import { KeyTable } from '../../../runtime/state/key-table.js';
import { NumberKeys } from '../../../runtime/state/number-keys.js';

/** Keys of all kinds, few enough that they come again, and such as are easily taken for one another. */
const anyKey: fc.Arbitrary<unknown> = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom<unknown>(0, -0, NaN, Infinity, -Infinity, 0.5, 1.5, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53, 1e300, 5e-324),
  fc.constantFrom<unknown>(
    '',
    '0',
    '1',
    'NaN',
    'a',
    'a key that is longer than a slice',
    '\u0000',
    '\u0000N',
    '\u0000sx',
    '\u0000"1:a',
    'ünï',
    '日本',
  ),
  fc.constantFrom<unknown>(null, undefined, true, false, 0n, 1n, 2n ** 70n),
  fc
    .constantFrom<unknown>([], [1], [1, 'a'], ['a'], [[1], 'a'], {}, { a: 1 }, { a: 1, b: 2 }, { b: 2, a: 1 })
    .map((key) => structuredClone(key)),
  fc.integer({ min: 0, max: 2 }).map((ms) => new Date(ms)),
  fc.uint8Array({ maxLength: 2 }).map((bytes) => Uint8Array.from(bytes)),
);

/** The oracle: slots by identity. */
class MapTwin {
  readonly #slots = new Map<unknown, number>();

  get size(): number {
    return this.#slots.size;
  }

  slotOf(key: unknown): number {
    const identity = keyIdentity(key);
    const slot = this.#slots.get(identity) ?? this.#slots.size;
    this.#slots.set(identity, slot);
    return slot;
  }
}

function expectLikeTwin(keys: readonly unknown[]): void {
  const table = new KeyTable();
  const twin = new MapTwin();
  for (const key of keys) {
    expect(table.slotOf(key), `slot of ${String(key)}`).to.equal(twin.slotOf(key));
    expect(table.size).to.equal(twin.size);
  }
}

describe('KeyTable', () => {
  it('gives the keys of any types the slots that a map gives them', () => {
    fc.assert(fc.property(fc.array(anyKey, { maxLength: 60 }), expectLikeTwin), { numRuns: 300 });
  });

  it('takes numbers first and other keys later, and the other way round', () => {
    const numbers = Array.from({ length: 3000 }, (_, index) => index % 1500);
    expectLikeTwin([...numbers, 'a', ...numbers, 0.5, 'b', NaN, 'a']);
    expectLikeTwin(['a', ...numbers, 'b', ...numbers]);
    expectLikeTwin([...numbers, NaN, ...numbers]);
  });

  it('finds a key again that was cut out of a text', () => {
    const table = new KeyTable();
    const text = 'x'.repeat(1000) + 'a key that is cut out of a text' + 'y'.repeat(1000);
    expect(table.slotOf(text.slice(1000, 1031))).to.equal(0);
    expect(table.slotOf('a key that is cut out of a text')).to.equal(0);
  });
});

describe('NumberKeys', () => {
  it('gives numbers the slots that a map gives them, through many growths', () => {
    const random = new SeededRandom(7);
    const keys = new NumberKeys();
    const twin = new MapTwin();
    const kinds = [
      () => random.nextInt(20_000),
      () => -random.nextInt(20_000),
      () => random.nextInt(1000) / 7,
      () => random.nextInt(1000) * 2 ** 40,
      () => (random.next() - 0.5) * 1e300,
    ];
    for (let round = 0; round < 100_000; round++) {
      const key = kinds[random.nextInt(kinds.length)]!();
      const slot = keys.slotOf(key);
      if (slot !== twin.slotOf(key)) expect.fail(`${key} is in slot ${slot}`);
      if (keys.keyAt(slot) !== key) expect.fail(`slot ${slot} holds ${keys.keyAt(slot)}, not ${key}`);
    }
    expect(keys.size).to.equal(twin.size);
  });

  it('takes 0 and -0 for one key', () => {
    const keys = new NumberKeys();
    expect([keys.slotOf(-0), keys.slotOf(0), keys.slotOf(1), keys.size]).to.deep.equal([0, 0, 1, 2]);
  });

  const regular: Readonly<Record<string, (index: number) => number>> = {
    'consecutive integers': (index) => index,
    'multiples of 1024': (index) => index * 1024,
    'multiples of 2^32': (index) => index * 2 ** 32,
    'multiples of 2^70': (index) => index * 2 ** 70,
    'times in ms': (index) => 1_700_000_000_000 + index * 1000,
    'small fractions': (index) => index * 1e-20,
    tenths: (index) => index / 10,
  };
  for (const [name, keyAt] of Object.entries(regular)) {
    it(`finds ${name} quickly`, () => {
      const keys = new NumberKeys();
      const count = 60_000;
      const startMs = performance.now();
      for (let round = 0; round < 2; round++) for (let index = 0; index < count; index++) keys.slotOf(keyAt(index));
      expect(keys.size).to.equal(count);
      expect(performance.now() - startMs, 'ms').to.be.below(5000);
    });
  }
});
