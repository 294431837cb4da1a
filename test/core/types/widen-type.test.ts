import { expect } from 'chai';
import { inferType, typeName, Types, widenType } from '#core';

describe('inferType', () => {
  const inferred = (...samples: unknown[]): string => typeName(inferType(samples));

  it('takes the tightest type of all samples', () => {
    expect(inferred(1, 2)).to.equal('Integer');
    expect(inferred(1, 2 ** 40)).to.equal('Long');
    expect(inferred(1, 0.5)).to.equal('Double');
    expect(inferred(-0)).to.equal('Double');
    expect(inferred(1n, 2n ** 64n)).to.equal('Generic');
    expect(inferred({ b: 'x', a: [1, true] })).to.equal('{ b: String, a: Tuple2<Integer, Boolean> }');
    expect(inferred(null, 'x')).to.equal('String | null');
    expect(inferred({ a: null }, { a: 1.5 })).to.equal('{ a: Double | null }');
    expect(inferred([1, 2], [1, 2, 3])).to.equal('Generic');
    expect(inferred('x', 1)).to.equal('Generic');
    expect(inferred()).to.equal('Generic');
  });

  it('keeps the places of fields that only some records have', () => {
    expect(inferred({ a: 1, c: 2 }, { a: 1, b: 2, c: 3 })).to.equal('{ a: Integer, b?: Integer, c: Integer }');
    expect(inferred({ b: 2 }, { a: 1, b: 2 })).to.equal('{ a?: Integer, b: Integer }');
  });

  it('takes objects that are dictionaries for what they are', () => {
    const word = (i: number): unknown => ({ [`word${i}`]: i });
    expect(inferred(...Array.from({ length: 30 }, (_, i) => word(i)))).to.equal('Generic');
    expect(inferred({ toString: 1 })).to.equal('Generic');
    expect(inferred(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, i])))).to.equal('Generic');
  });

  it('does not make rows without end', () => {
    const wide = (depth: number): unknown => (depth === 0 ? 1 : Array.from({ length: 20 }, () => wide(depth - 1)));
    expect(inferred(wide(3))).to.equal('Generic');
  });
});

describe('widenType', () => {
  it('always answers another type, until generic', () => {
    expect(typeName(widenType(Types.int, 2 ** 33))).to.equal('Long');
    expect(typeName(widenType(Types.long, 0.5))).to.equal('Double');
    expect(typeName(widenType(Types.int, undefined))).to.equal('Integer | null');
    expect(typeName(widenType(Types.string, 'the writer said no to this'))).to.equal('Generic');
  });
});
