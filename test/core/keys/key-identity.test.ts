import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { hashKey, InvalidKeyError, keyIdentity } from '#core';

const leaf = fc.oneof(
  fc.integer({ min: -2, max: 2 }),
  fc.constantFrom(0.5, NaN, Infinity, 2 ** 40),
  fc.bigInt({ min: -2n, max: 2n }),
  fc.boolean(),
  fc.constantFrom(null, undefined, '', '1', 'a', '\u0000', '\u0000N', '\u0000s', '1;', '"1:a', 'T', '[]'),
  fc.integer({ min: 0, max: 3 }).map((ms) => new Date(ms)),
  fc.uint8Array({ maxLength: 2, max: 2 }).map((bytes) => Uint8Array.from(bytes)),
);

const key: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  key: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('key'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '1'), tie('key'), { maxKeys: 2, noNullPrototype: true }),
    fc.array(fc.tuple(fc.constantFrom('a', 1, '1'), tie('key')), { maxLength: 2 }).map((entries) => new Map(entries)),
    fc.array(fc.constantFrom('a', 1, '1'), { maxLength: 2 }).map((items) => new Set(items)),
  ),
})).key;

const same = (a: unknown, b: unknown): boolean => new Map([[keyIdentity(a), 1]]).has(keyIdentity(b));

describe('keyIdentity', () => {
  it('is the same for two keys if and only if they are equal', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(same(a, b)).to.equal(isDeepStrictEqual(a, b));
      }),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(key, (a) => {
        expect(same(a, structuredClone(a))).to.equal(true);
      }),
    );
  });

  it('goes with the hash: equal keys have equal hashes', () => {
    fc.assert(
      fc.property(key, (a) => {
        expect(hashKey(structuredClone(a))).to.equal(hashKey(a));
      }),
    );
    expect(hashKey({ a: 1, b: [2] })).to.equal(hashKey({ b: [2], a: 1 }));
    expect(hashKey(-0)).to.equal(hashKey(0));
    expect(same([-0], [0])).to.equal(true);
    expect(same({ a: 1, b: 2 }, { b: 2, a: 1 })).to.equal(true);
    expect(same(Buffer.of(1), Uint8Array.of(1))).to.equal(true);
    expect(same(Uint8Array.of(1), Int8Array.of(1))).to.equal(false);
  });

  it('leaves primitives as they are', () => {
    for (const primitive of [1, 'a', 1n, true, -1.5]) expect(keyIdentity(primitive)).to.equal(primitive);
    expect(() => keyIdentity({ f: () => 1 })).to.throw(InvalidKeyError);
  });
});
