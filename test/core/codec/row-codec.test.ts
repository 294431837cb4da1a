import assert from 'node:assert/strict';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  DeclaredTypeMismatchError,
  inferType,
  LOOK_AHEAD_ROWS,
  NO_TIMESTAMP,
  rowCodec,
  type RowCodecOptions,
  Segment,
  SegmentFlag,
  type TypeInfo,
  Types,
  UnsupportedRecordError,
  widenType,
  WriteResult,
} from '#core';
import { anyType, anyValue, Point, valueOf } from './arbitrary-records.js';

const DECLARED: RowCodecOptions = { timestamps: false, guard: 'declared' };
const INFERRED: RowCodecOptions = { timestamps: false, guard: 'inferred' };

interface Written {
  readonly segments: Segment[];
  /** Positions of the records that were too large for a segment. */
  readonly tooLarge: number[];
}

function newSegment(sizeBytes: number): Segment {
  const segment = new Segment(new SharedArrayBuffer(sizeBytes), 0, sizeBytes);
  segment.bytes.fill(0xa5);
  return segment;
}

function writeAll(type: TypeInfo, options: RowCodecOptions, records: readonly unknown[], sizeBytes: number): Written {
  const writer = rowCodec(type, options).newWriter(3);
  const written: Written = { segments: [newSegment(sizeBytes)], tooLarge: [] };
  writer.attach(written.segments[0]!);
  records.forEach((record, i) => {
    let result = writer.write(record, i);
    if (result === WriteResult.full) {
      expect(writer.finish()).to.be.at.most(sizeBytes);
      written.segments.push(newSegment(sizeBytes));
      writer.attach(written.segments.at(-1)!);
      result = writer.write(record, i);
    }
    if (result === WriteResult.tooLarge) written.tooLarge.push(i);
    else expect(result).to.equal(WriteResult.written);
  });
  expect(writer.finish()).to.be.at.most(sizeBytes);
  return written;
}

function readAll(type: TypeInfo, options: RowCodecOptions, segments: readonly Segment[]): { values: unknown[]; timestamps: number[] } {
  const reader = rowCodec(type, options).newReader();
  const values: unknown[] = [];
  const timestamps: number[] = [];
  const consume = (value: unknown, timestamp: number): void => {
    values.push(value);
    timestamps.push(timestamp);
  };
  for (const segment of segments) expect(reader.read(segment, 0, consume, { blocked: false })).to.equal(segment.rowCount);
  return { values, timestamps };
}

function roundTrip(type: TypeInfo, options: RowCodecOptions, records: readonly unknown[], sizeBytes = 32 * 1024): unknown[] {
  const { segments, tooLarge } = writeAll(type, options, records, sizeBytes);
  expect(tooLarge).to.deep.equal([]);
  return readAll(type, options, segments).values;
}

const typeAndRecords = anyType.chain((type) => fc.tuple(fc.constant(type), fc.array(valueOf(type), { minLength: 1, maxLength: 40 })));

describe('row codec', () => {
  for (const sizeBytes of [512, 32 * 1024]) {
    it(`gives back random records of random types through segments of ${sizeBytes} bytes`, () => {
      fc.assert(
        fc.property(typeAndRecords, fc.boolean(), ([type, records], timestamps) => {
          const options = { timestamps, guard: 'declared' } as const;
          const { segments, tooLarge } = writeAll(type, options, records, sizeBytes);
          const { values } = readAll(type, options, segments);
          assert.deepStrictEqual(
            values,
            records.filter((_, i) => !tooLarge.includes(i)),
          );
        }),
        { numRuns: 150 },
      );
    });
  }

  it('widens an inferred type until every record fits it, and loses nothing', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 3 }), (records, sampled) => {
        let type = inferType(records.slice(0, sampled));
        for (const record of records) {
          for (let steps = 0; ; steps++) {
            expect(steps).to.be.lessThan(3);
            const writer = rowCodec(type, INFERRED).newWriter(0);
            writer.attach(newSegment(32 * 1024));
            if (writer.write(record, 0) === WriteResult.written) break;
            type = widenType(type, record);
          }
        }
        assert.deepStrictEqual(roundTrip(type, INFERRED, records), records);
      }),
      { numRuns: 300 },
    );
  });

  it('fills segments with ascii text almost to the end', () => {
    const records = Array.from({ length: 2000 }, (_, i) => `line ${i} of a text without anything special in it`);
    const { segments } = writeAll(Types.string, DECLARED, records, 32 * 1024);
    for (const segment of segments.slice(0, -1)) expect(segment.byteLength).to.be.greaterThan(0.95 * 32 * 1024);
    expect(segments[0]!.flags & SegmentFlag.ascii).to.equal(SegmentFlag.ascii);
  });

  it('takes a record that exactly fills an empty segment, and none that is a byte longer', () => {
    const writer = rowCodec(Types.string, DECLARED).newWriter(0);
    const room = 512 - 32 - 8;
    const fits = newSegment(512);
    writer.attach(fits);
    expect(writer.write('x'.repeat(room), 0)).to.equal(WriteResult.written);
    expect(writer.write('', 0)).to.equal(WriteResult.full);
    expect(writer.finish()).to.equal(512);
    expect(readAll(Types.string, DECLARED, [fits]).values).to.deep.equal(['x'.repeat(room)]);
    writer.attach(newSegment(512));
    expect(writer.write('x'.repeat(room + 1), 0)).to.equal(WriteResult.tooLarge);
    expect(writer.write('é'.repeat(room / 2), 0)).to.equal(WriteResult.written);
  });

  it('leaves the segment as it was when a record does not fit or fails', () => {
    const type = Types.object({ name: Types.string, rest: Types.generic });
    const writer = rowCodec(type, DECLARED).newWriter(0);
    const segment = newSegment(512);
    writer.attach(segment);
    expect(writer.write({ name: 'a', rest: [1] }, 0)).to.equal(WriteResult.written);
    expect(writer.write({ name: 'b', rest: 'y'.repeat(600) }, 0)).to.equal(WriteResult.full);
    expect(() => writer.write({ name: 'c', rest: () => 1 }, 0)).to.throw(UnsupportedRecordError, '"rest" of a record is a function');
    expect(() => writer.write({ name: 4, rest: 1 }, 0)).to.throw(DeclaredTypeMismatchError);
    expect(writer.write({ name: 'd', rest: null }, 0)).to.equal(WriteResult.written);
    writer.finish();
    expect(readAll(type, DECLARED, [segment]).values).to.deep.equal([
      { name: 'a', rest: [1] },
      { name: 'd', rest: null },
    ]);
  });

  it('answers "full" while it has no segment', () => {
    const writer = rowCodec(Types.string, DECLARED).newWriter(0);
    expect(writer.write('a', 0)).to.equal(WriteResult.full);
    writer.attach(newSegment(512));
    writer.finish();
    expect(writer.write('a', 0)).to.equal(WriteResult.full);
  });

  it('lets the writers of one codec fill their segments side by side', () => {
    const codec = rowCodec(Types.tuple(Types.string, Types.generic), DECLARED);
    const writers = [codec.newWriter(0), codec.newWriter(0)];
    const segments = writers.map(() => newSegment(4096));
    writers.forEach((writer, i) => {
      writer.attach(segments[i]!);
    });
    for (let i = 0; i < 40; i++) writers[i % 2]!.write([`text ${i}`, [i]], 0);
    for (const writer of writers) writer.finish();
    const { values } = readAll(codec.type, DECLARED, segments);
    expect(values).to.deep.equal([0, 1].flatMap((odd) => Array.from({ length: 20 }, (_, i) => [`text ${2 * i + odd}`, [2 * i + odd]])));
  });

  it('shows records ahead, in their order, and hands out the same whatever stops it on the way', () => {
    const type = Types.tuple(Types.string, Types.double, Types.bytes);
    const records = Array.from({ length: 700 }, (_, i) => [`text ${i}`, i / 2, Uint8Array.of(i & 255)]);
    const options = { timestamps: true, guard: 'declared' } as const;
    const { segments } = writeAll(type, options, records, 32 * 1024);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 8 }), fc.integer({ min: 1, max: 12 }), (stops, looks) => {
        let shown: unknown[] = [];
        let looked = 0;
        let decoded = 0;
        const reader = rowCodec(type, options).newReader((ahead, count) => {
          shown = ahead.slice(0, count);
          decoded += count;
          return ++looked < looks;
        });
        const handedOut: unknown[] = [];
        const timestamps: number[] = [];
        const gate = { blocked: false };
        const left = [...stops];
        const consume = (value: unknown, timestamp: number): void => {
          if (shown.length > 0) expect(value).to.equal(shown.shift());
          handedOut.push(value);
          timestamps.push(timestamp);
          left[0] = (left[0] ?? Infinity) - 1;
          gate.blocked = left[0] === 0;
          if (gate.blocked) left.shift();
        };
        for (const segment of segments) {
          for (let row = 0; row < segment.rowCount;) {
            gate.blocked = false;
            shown = [];
            row = reader.read(segment, row, consume, gate);
          }
        }
        assert.deepStrictEqual(handedOut, records);
        expect(timestamps).to.deep.equal(records.map((_, i) => i));
        expect(looked).to.be.at.least(1);
        // a stop leaves less behind than twice what was taken since the one before, and a block once
        expect(decoded).to.be.at.most(2 * records.length + LOOK_AHEAD_ROWS);
      }),
      { numRuns: 60 },
    );
  });

  it('stops behind the record that blocked the gate, and goes on from there', () => {
    const type = Types.tuple(Types.string, Types.array(Types.int), Types.bytes);
    const records = Array.from({ length: 20 }, (_, i) => [`text ${i}`, [i], Uint8Array.of(i)]);
    const { segments } = writeAll(type, DECLARED, records, 32 * 1024);
    const reader = rowCodec(type, DECLARED).newReader();
    const gate = { blocked: false };
    const values: unknown[] = [];
    const consume = (value: unknown): void => {
      values.push(value);
      gate.blocked = values.length % 3 === 0;
    };
    let next = 0;
    let calls = 0;
    while (next < records.length) {
      gate.blocked = false;
      next = reader.read(segments[0]!, next, consume, gate);
      calls++;
    }
    expect(calls).to.equal(7);
    expect(values).to.deep.equal(records);
    gate.blocked = false;
    values.length = 0;
    expect(reader.read(segments[0]!, 18, consume, gate)).to.equal(20);
    expect(values).to.deep.equal(records.slice(18));
  });

  it('carries timestamps, and their absence', () => {
    const options = { timestamps: true, guard: 'declared' } as const;
    const writer = rowCodec(Types.int, options).newWriter(7);
    const segment = newSegment(512);
    writer.attach(segment);
    for (const timestamp of [NO_TIMESTAMP, 0, 1.5, Number.MAX_SAFE_INTEGER]) writer.write(1, timestamp);
    writer.finish();
    expect(segment.flags & SegmentFlag.timestamps).to.equal(SegmentFlag.timestamps);
    expect(segment.words[6]).to.equal(7);
    expect(readAll(Types.int, options, [segment]).timestamps).to.deep.equal([NO_TIMESTAMP, 0, 1.5, Number.MAX_SAFE_INTEGER]);
    const bare = writeAll(Types.int, DECLARED, [1], 512);
    expect(readAll(Types.int, DECLARED, bare.segments).timestamps).to.deep.equal([NO_TIMESTAMP]);
  });

  it('carries dates that are none', () => {
    const read = roundTrip(Types.tuple(Types.date, Types.array(Types.date)), DECLARED, [[new Date(NaN), [new Date(NaN)]]]);
    expect(JSON.stringify(read)).to.equal('[[null,[null]]]');
  });

  it('keeps short and long, plain and other texts in any order, also where a segment ends', () => {
    const type = Types.object({ first: Types.nullable(Types.string), count: Types.int, second: Types.string });
    const text = fc.oneof(
      fc.constantFrom('', 'a', 'word', '\u007f', '\u0080', 'ÿ', '語', '\ud83d', '😀', 'x'.repeat(24), 'y'.repeat(25)),
      fc.string({ unit: 'binary-ascii', maxLength: 26 }),
    );
    const record = fc.record({ first: fc.option(text), count: fc.integer({ min: 0, max: 9 }), second: text }, { noNullPrototype: true });
    const records = fc.array(record, { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(records, (some) => {
        assert.deepStrictEqual(roundTrip(type, DECLARED, some, 512), some);
      }),
      { numRuns: 300 },
    );
  });

  it('fills segments with short ascii texts to the last row', () => {
    const records = Array.from({ length: 5000 }, (_, i) => `${i % 1000}`.padStart(4, '0'));
    const { segments } = writeAll(Types.string, DECLARED, records, 4096);
    for (const segment of segments.slice(0, -1)) expect(segment.byteLength).to.be.greaterThan(4096 - 12);
    expect(segments.every(({ flags }) => flags === SegmentFlag.ascii)).to.equal(true);
    expect(readAll(Types.string, DECLARED, segments).values).to.deep.equal(records);
  });

  it('keeps texts that were settled in pieces, with surrogate pairs cut between records', () => {
    const records = Array.from({ length: 3000 }, (_, i) => ['plain text', '\ud83d', '\ude00', '😀', 'ü', ''][i % 6]!);
    expect(roundTrip(Types.string, DECLARED, records)).to.deep.equal(records);
    const paired = Array.from({ length: 3000 }, (_, i) => ['\ud83d', '\ude00'][i % 2]!);
    expect(roundTrip(Types.string, DECLARED, paired, 4096)).to.deep.equal(paired);
  });
});

describe('row codec of a declared type', () => {
  function mismatch(type: TypeInfo, value: unknown): DeclaredTypeMismatchError {
    const writer = rowCodec(type, DECLARED).newWriter(0);
    writer.attach(newSegment(512));
    try {
      writer.write(value, 0);
    } catch (error) {
      if (error instanceof DeclaredTypeMismatchError) return error;
      throw error;
    }
    throw new Error('the value was taken');
  }

  it('names field, declared type and value of a mismatch', () => {
    const type = Types.object({ user: Types.object({ age: Types.int }), tags: Types.array(Types.string) });
    expect(mismatch(type, { user: { age: 2.5 }, tags: [] }).message).to.equal(
      '"user.age" of a record is declared as "Integer" but has the value 2.5',
    );
    expect(mismatch(type, { user: { age: 1 }, tags: ['a', 3] }).path).to.equal('tags[1]');
    expect(mismatch(type, { user: null, tags: [] }).path).to.equal('user');
    expect(mismatch(Types.string, undefined).message).to.equal('a record is declared as "String" but has the value undefined');
  });

  it('checks ranges', () => {
    for (const value of [2 ** 31, 1.5, '1', NaN, null]) expect(mismatch(Types.int, value).declared).to.equal('Integer');
    for (const value of [2 ** 53, 0.1, Infinity, 1n]) expect(mismatch(Types.long, value).declared).to.equal('Long');
    expect(mismatch(Types.bigint, 2n ** 63n).declared).to.equal('BigInt');
    expect(mismatch(Types.tuple(Types.int), [1, 2]).declared).to.equal('Tuple1<Integer>');
  });

  it('makes instances of classes, and leaves out what is not declared', () => {
    const type = Types.pojo(Point, { fields: { x: Types.double, label: Types.string } });
    const [read] = roundTrip(type, DECLARED, [new Point(1.5, 'a')]);
    expect(read).to.be.instanceOf(Point);
    expect(read).to.deep.equal(new Point(1.5, 'a'));
    const narrow = Types.object({ x: Types.double });
    expect(roundTrip(narrow, DECLARED, [{ x: 1, secret: 2 }])).to.deep.equal([{ x: 1 }]);
  });

  it('makes instances with a function of the user', () => {
    const type = Types.pojo(Point, {
      fields: { x: Types.double, label: Types.string },
      create: ({ x, label }) => new Point(x * 2, label),
    });
    expect(roundTrip(Types.array(type), DECLARED, [[new Point(1, 'a')]])).to.deep.equal([[new Point(2, 'a')]]);
    expect(roundTrip(Types.nullable(type), DECLARED, [null, new Point(1, 'a')])).to.deep.equal([null, new Point(2, 'a')]);
  });
});

describe('row codec of an inferred type', () => {
  function answer(sample: unknown, value: unknown): WriteResult {
    const writer = rowCodec(inferType([sample]), INFERRED).newWriter(0);
    writer.attach(newSegment(512));
    return writer.write(value, 0);
  }

  it('refuses whatever would not come back the same', () => {
    const cases: [unknown, unknown][] = [
      [1, 1.5],
      [1, -0],
      [1, 2 ** 31],
      [2 ** 40, -0],
      [1, '1'],
      ['a', null],
      [{ a: 1 }, { a: 1, b: 2 }],
      [{ a: 1 }, {}],
      [{ a: 1 }, new Point(1, 'x')],
      [{ a: 1 }, Object.assign(Object.create(null) as object, { a: 1 })],
      [[1, 2], [1]],
      [
        [1, 2],
        [1, 2, 3],
      ],
      [Uint8Array.of(1), Buffer.of(1)],
      [{ a: 1 }, { a: undefined }],
      [1n, 2n ** 70n],
      [1, 1n],
      [1, Object.create(null)],
      [1, { valueOf: 1 }],
    ];
    for (const [sample, value] of cases) expect(answer(sample, value)).to.equal(WriteResult.mismatch);
  });

  it('tells a missing property from one that is undefined', () => {
    const records = [{ a: 1, b: 'x' }, { a: 2 }, { a: 3, b: undefined }, { a: 4, b: null }, { b: 'y' }];
    const type = inferType(records);
    const read = roundTrip(type, INFERRED, records);
    assert.deepStrictEqual(read, records);
    expect(type.kind).to.equal('object');
  });

  it('names the class of an instance whose type was not declared', () => {
    expect(() => inferType([{ order: [new Point(1, 'a')] }])).to.throw(
      UnsupportedRecordError,
      '"order[0]" of a record is an instance of class "Point", whose type is not declared, which cannot be sent or stored',
    );
    expect(() => widenType(Types.int, Promise.resolve(1))).to.throw(UnsupportedRecordError, 'the record is a promise');
  });
});
