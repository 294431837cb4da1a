import { expect } from 'chai';
import fc from 'fast-check';
import { numberShapeOf } from '../../../../../runtime/state/heap/store/number-shape.js';

const anyNumber = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, NaN, Infinity));
const name = fc.constantFrom('a', 'b', 'c', 'time', 'value', 'toString', '0', 'with "quotes"');
const fields = fc.uniqueArray(fc.tuple(name, anyNumber), { selector: ([field]) => field, minLength: 1 }).map(Object.fromEntries<number>);
const made = fc.oneof(
  anyNumber,
  fc.array(anyNumber, { minLength: 1, maxLength: 12 }),
  fc.array(anyNumber, { minLength: 3, maxLength: 3 }),
  fields,
  fc.tuple(anyNumber, fields),
  fc.tuple(anyNumber, anyNumber, fc.array(anyNumber, { minLength: 1, maxLength: 3 })),
  fc.tuple(fields, anyNumber).map(([a, b]) => ({ inner: { a, b } })),
);

class Point {
  constructor(readonly x: number) {}
}

/** Whether they are the same value, with its fields in the same order. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return Object.is(a, b);
  const [left, right] = [Object.entries(a!), Object.entries(b!)];
  return left.length === right.length && left.every(([field, value], i) => right[i]![0] === field && isSame(right[i]![1], value));
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'number');
}

describe('the shape of values made of numbers', () => {
  it('gives back what it took, and takes only values of its kind', () => {
    fc.assert(
      fc.property(made, made, (first, second) => {
        const shape = numberShapeOf(first)!;
        const numbers = new Float64Array(2 + shape.width);
        expect(shape.save(numbers, 2, first)).to.equal(true);
        expect(isSame(shape.load(numbers, 2), first)).to.equal(true);
        const before = numbers.slice();
        if (shape.save(numbers, 2, second)) expect(isSame(shape.load(numbers, 2), second)).to.equal(true);
        else expect(numbers).to.deep.equal(before);
        if (isNumbers(first) && isNumbers(second) && first.length === second.length) expect(shape.save(numbers, 2, second)).to.equal(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('is none of values that hold anything else', () => {
    const others: readonly unknown[] = [
      undefined,
      null,
      'a',
      true,
      1n,
      [],
      {},
      [1, 'a'],
      { a: 1, b: 'c' },
      { a: [] },
      { a: [1, 'b'] },
      [[[[1]]]],
      new Date(0),
      new Map(),
    ];
    const bare: unknown = Object.assign(Object.create(null) as object, { a: 1 });
    // an instance of a class, an array with holes, objects without a prototype or with more than fields, and too many
    const odd = [new Point(1), new Array<number>(2), bare, { [Symbol('s')]: 1 }, Array.from({ length: 13 }, () => 1)];
    for (const [index, value] of [...others, ...odd].entries()) expect(numberShapeOf(value), `${index}`).to.equal(undefined);
  });

  it('tells objects with more, fewer or other fields apart', () => {
    const shape = numberShapeOf({ a: 1, b: 2 })!;
    const numbers = new Float64Array(2);
    for (const other of [{ a: 1 }, { a: 1, b: 2, c: 3 }, { b: 1, a: 2 }, { a: 1, b: '2' }, [1, 2], 1, null, new Point(1)]) {
      expect(shape.save(numbers, 0, other)).to.equal(false);
    }
    expect(shape.load(numbers, 0)).to.deep.equal({ a: 0, b: 0 });
  });
});
