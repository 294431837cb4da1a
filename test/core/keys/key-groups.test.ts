import { expect } from 'chai';
import fc from 'fast-check';
import {
  checkMaxParallelism,
  defaultMaxParallelism,
  hashKey,
  InvalidKeyError,
  InvalidMaxParallelismError,
  keyGroupOf,
  keyGroupRange,
  murmurHash,
  subtaskOfKeyGroup,
} from '#core';

/* The expected numbers were computed with Flink 1.20.5: MathUtils, KeyGroupRangeAssignment and the hashCode of Java's own classes. */

describe('key groups', () => {
  it('hashes words as Flink does', () => {
    const known = [
      [0, 593689054],
      [1, 68075478],
      [-1, 1982413648],
      [2, 1085422463],
      [42, 1134849565],
      [-42, 189366624],
      [1000, 3506311],
      [123456789, 1088346449],
      [-123456789, 1470798557],
      [2147483647, 1653689534],
      [-2147483648, 1718298732],
      [31, 1168509563],
    ] as const;
    for (const [word, hash] of known) expect(murmurHash(word)).to.equal(hash);
    let word = 1;
    let sum = 0n;
    for (let i = 0; i < 1_000_000; i++) {
      word = (Math.imul(word, 1664525) + 1013904223) | 0;
      sum = (sum * 31n + BigInt(murmurHash(word))) & 0xffffffffn;
    }
    expect(sum).to.equal(4067116446n);
  });

  it('puts keys into the key groups Flink puts them into', () => {
    const known: [unknown, number, number][] = [
      ['', 0, 94],
      ['a', 97, 81],
      ['hello world', 1794106052, 92],
      ['zażółć 😀', 1000676800, 122],
      [true, 1231, 77],
      [false, 1237, 3],
      [2 ** 40, 256, 54],
      [-5_000_000_000, 705032702, 23],
      [Number.MAX_SAFE_INTEGER, -2097152, 73],
      [0.5, 1071644672, 12],
      [-1.25e300, 1413303880, 5],
      [NaN, 2146959360, 41],
      [Infinity, 2146435072, 122],
      [new Date(1700000000123), -807048720, 61],
      [['a', 7], 3014, 117],
      [[1, 'x', 2.5], 1074008649, 53],
      [42, 42, 29],
      [-42, -42, 96],
      [2n ** 40n, 256, 54],
    ];
    for (const [key, hash, group] of known) {
      expect(hashKey(key)).to.equal(hash);
      expect(keyGroupOf(key, 128)).to.equal(group);
    }
    expect(hashKey(Uint8Array.of(1, 255, 127, 128))).to.equal(956160);
  });

  it('hashes strings of any length as Java does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        let hash = 0;
        for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
        expect(hashKey(text)).to.equal(hash);
        expect(keyGroupOf(text, 256)).to.equal(murmurHash(hash) % 256);
        expect(keyGroupOf(text, 200)).to.equal(murmurHash(hash) % 200);
      }),
    );
  });

  it('gives each key group to one subtask, the one whose range holds it', () => {
    const sizes = fc.integer({ min: 1, max: 500 }).chain((max) => fc.tuple(fc.constant(max), fc.integer({ min: 1, max })));
    fc.assert(
      fc.property(sizes, ([maxParallelism, parallelism]) => {
        let next = 0;
        for (let subtask = 0; subtask < parallelism; subtask++) {
          const { first, last } = keyGroupRange(subtask, maxParallelism, parallelism);
          expect(first).to.equal(next);
          for (let group = first; group <= last; group++) expect(subtaskOfKeyGroup(group, maxParallelism, parallelism)).to.equal(subtask);
          next = last + 1;
        }
        expect(next).to.equal(maxParallelism);
      }),
    );
    expect(keyGroupRange(3, 128, 7)).to.deep.equal({ first: 55, last: 73 });
    expect(keyGroupRange(50, 32768, 100)).to.deep.equal({ first: 16384, last: 16711 });
  });

  it('chooses the max parallelism Flink chooses', () => {
    const known = [
      [1, 128],
      [2, 128],
      [85, 128],
      [86, 256],
      [100, 256],
      [170, 256],
      [171, 256],
      [1000, 2048],
      [21845, 32768],
      [30000, 32768],
    ] as const;
    for (const [parallelism, expected] of known) expect(defaultMaxParallelism(parallelism)).to.equal(expected);
    checkMaxParallelism(4, 128);
    for (const [p, max] of [
      [4, 3],
      [1, 0],
      [1, 32769],
      [1, 1.5],
    ] as const) {
      expect(() => {
        checkMaxParallelism(p, max);
      }).to.throw(InvalidMaxParallelismError);
    }
  });

  it('refuses functions and symbols', () => {
    expect(() => hashKey(() => 1)).to.throw(InvalidKeyError, 'a function cannot be used as a key');
    expect(() => hashKey([Symbol('x')])).to.throw(InvalidKeyError);
  });
});
