import assert from 'node:assert/strict';
import { expect } from 'chai';
import fc from 'fast-check';
import { CorruptDataError, DeclaredTypeMismatchError, Types, UnsupportedRecordError, valueCodec, ValueReader, ValueWriter } from '#core';
import { anyString, anyType, anyValue, Point, valueOf } from './arbitrary-records.js';

function tagged(value: unknown): unknown {
  const writer = new ValueWriter(8);
  writer.value(value);
  const reader = new ValueReader().attach(Buffer.from(writer.written()));
  const read = reader.value();
  expect(reader.remaining).to.equal(0);
  return read;
}

function refusal(value: unknown): UnsupportedRecordError {
  const writer = new ValueWriter();
  try {
    writer.value(value);
  } catch (error) {
    if (error instanceof UnsupportedRecordError) return error;
    throw error;
  }
  throw new Error('the value was taken');
}

describe('value writer and reader', () => {
  it('give back any supported value exactly', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        assert.deepStrictEqual(tagged(value), value);
      }),
      { numRuns: 500 },
    );
  });

  it('give back strings of any length and content', () => {
    fc.assert(
      fc.property(anyString, fc.integer({ min: 1, max: 40 }), (text, times) => {
        expect(tagged(text.repeat(times))).to.equal(text.repeat(times));
      }),
    );
    for (const text of ['é'.repeat(30), 'ü', 'a'.repeat(100_000), '中'.repeat(50_000), `${'a'.repeat(100)}é`]) {
      expect(tagged(text)).to.equal(text);
    }
  });

  it('keep what assert.deepStrictEqual does not look at', () => {
    expect(Object.is(tagged(-0), -0)).to.equal(true);
    expect(Object.keys(tagged({ b: 1, a: 2 }) as object)).to.deep.equal(['b', 'a']);
    const proto = JSON.parse('{"__proto__": {"x": 1}}') as object;
    assert.deepStrictEqual(tagged(proto), proto);
    expect(Object.hasOwn(tagged(proto) as object, '__proto__')).to.equal(true);
    expect((tagged(new Date(NaN)) as Date).getTime()).to.be.NaN;
    expect(tagged(-(2n ** 200n))).to.equal(-(2n ** 200n));
    const holed: unknown[] = [1];
    holed[2] = 3;
    assert.deepStrictEqual(tagged(holed), [1, undefined, 3]);
  });

  it('name the path and the class of what cannot be carried', () => {
    const error = refusal({ orders: [{ at: new Point(1, 'a') }] });
    expect(error.path).to.equal('orders[0].at');
    expect(error.className).to.equal('Point');
    expect(error.action).to.include('Types.pojo(Point');
    expect(refusal({ 'odd name': () => 1 }).message).to.equal('"["odd name"]" of a record is a function, which cannot be sent or stored');
    expect(refusal([Symbol('x')]).path).to.equal('[0]');
    expect(refusal(new Map([['k', Promise.resolve(1)]])).path).to.equal('.values()[0]');
    expect(refusal(/x/).className).to.equal('RegExp');
  });

  it('refuse cycles, and go on with the next value', () => {
    const cycle: { self?: unknown; list: unknown[] } = { list: [] };
    cycle.list.push(1, cycle);
    const writer = new ValueWriter();
    expect(() => {
      writer.value(cycle);
    }).to.throw(UnsupportedRecordError, '"list[1]" of a record is a reference to an object that contains it');
    writer.reset();
    writer.value({ a: [{ b: 1 }] });
    expect(new ValueReader().attach(writer.written()).value()).to.deep.equal({ a: [{ b: 1 }] });
  });

  it('take what is nested 400 deep, and refuse what is nested endlessly', () => {
    let nested: unknown = 1;
    for (let i = 0; i < 400; i++) nested = [nested];
    assert.deepStrictEqual(tagged(nested), nested);
    for (let i = 0; i < 1000; i++) nested = [nested];
    expect(refusal(nested).what).to.equal('nested more than 500 deep');
  });

  it('report damaged bytes, whatever the damage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          new ValueReader().attach(Buffer.from(bytes)).value();
        } catch (error) {
          if (!(error instanceof CorruptDataError) && !(error instanceof RangeError)) throw error;
        }
      }),
    );
    const writer = new ValueWriter();
    writer.value([1, 'text', { a: 2.5 }]);
    for (let end = 0; end < writer.position; end++) {
      expect(() => new ValueReader().attach(writer.written(), 0, end).value()).to.throw(CorruptDataError);
    }
  });
});

describe('value codec', () => {
  it('gives back random values of random types', () => {
    fc.assert(
      fc.property(
        anyType.chain((type) => fc.tuple(fc.constant(type), fc.array(valueOf(type), { maxLength: 5 }))),
        ([type, values]) => {
          const codec = valueCodec(type);
          const writer = new ValueWriter();
          for (const value of values) codec.write(writer, value, '');
          const reader = new ValueReader().attach(writer.written());
          assert.deepStrictEqual(
            values.map(() => codec.read(reader)),
            values,
          );
          expect(reader.remaining).to.equal(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('names the place of a mismatch below the place it was given', () => {
    const codec = valueCodec(Types.array(Types.map(Types.string, Types.object({ n: Types.int }))));
    const writer = new ValueWriter();
    expect(() => {
      codec.write(
        writer,
        [
          new Map([
            ['a', { n: 1 }],
            ['b', { n: 1.5 }],
          ]),
        ],
        'rows',
      );
    }).to.throw(DeclaredTypeMismatchError, '"rows[0].values()[1].n" of a record is declared as "Integer" but has the value 1.5');
    const generic = valueCodec(Types.generic);
    expect(() => {
      generic.write(writer, { f: () => 1 }, 'rows');
    }).to.throw(UnsupportedRecordError, '"rows.f" of a record is a function');
  });
});
