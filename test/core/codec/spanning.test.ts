import assert from 'node:assert/strict';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  CorruptDataError,
  HeaderWord,
  InvariantError,
  Segment,
  SegmentFlag,
  SpanningReader,
  SpanningWriter,
  type StreamEvent,
  Types,
  RecordTooLargeError,
} from '#core';
import { anyType, valueOf } from './arbitrary-records.js';

function pieces(writer: SpanningWriter, sizeBytes: number): Segment[] {
  const segments: Segment[] = [];
  for (let last = false; !last;) {
    const segment = new Segment(new ArrayBuffer(sizeBytes), 0, sizeBytes);
    last = writer.fill(segment);
    segments.push(segment);
  }
  return segments;
}

describe('spanning records', () => {
  it('come back from any number of pieces', () => {
    const cases = anyType.chain((type) => fc.tuple(fc.constant(type), fc.array(valueOf(type), { minLength: 1, maxLength: 4 })));
    fc.assert(
      fc.property(cases, fc.constantFrom(40, 64, 512), ([type, records], sizeBytes) => {
        const writer = new SpanningWriter(type, 1);
        const reader = new SpanningReader(type);
        records.forEach((record, i) => {
          writer.start(record, i);
          const segments = pieces(writer, sizeBytes);
          segments.forEach((segment, piece) => expect(reader.add(segment)).to.equal(piece === segments.length - 1));
          reader.deliver((value, timestamp) => {
            assert.deepStrictEqual(value, record);
            expect(timestamp).to.equal(i);
          });
        });
      }),
      { numRuns: 100 },
    );
  });

  it('mark every piece', () => {
    const writer = new SpanningWriter(Types.string, 5);
    writer.start('x'.repeat(1000), 0);
    expect(writer.active).to.equal(true);
    const segments = pieces(writer, 512);
    expect(writer.active).to.equal(false);
    expect(segments.map((segment) => segment.flags)).to.deep.equal([SegmentFlag.spanning, SegmentFlag.spanning, SegmentFlag.spanningEnd]);
    for (const segment of segments) {
      expect(segment.rowCount).to.equal(0);
      expect(segment.words[HeaderWord.schemaVersion]).to.equal(5);
    }
  });

  it('carry events that are too large for a segment', () => {
    const type = Types.object(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`field${i}`, Types.string])));
    const event: StreamEvent = { kind: 'schema', version: 2, type };
    const writer = new SpanningWriter(Types.string, 0);
    writer.startEvent(event);
    const reader = new SpanningReader(Types.string);
    const segments = pieces(writer, 512);
    expect(segments.every((segment) => (segment.flags & SegmentFlag.event) !== 0)).to.equal(true);
    for (const segment of segments) reader.add(segment);
    expect(reader.event()).to.deep.equal(event);
  });

  it('carry a record of many megabytes', () => {
    const type = Types.object({ name: Types.string, data: Types.bytes });
    const record = { name: 'ü'.repeat(2_000_000), data: new Uint8Array(5_000_000).fill(7) };
    const writer = new SpanningWriter(type, 0);
    writer.start(record, 1);
    const reader = new SpanningReader(type);
    for (const segment of pieces(writer, 32 * 1024)) reader.add(segment);
    reader.deliver((value) => {
      expect(value).to.deep.equal(record);
    });
  });

  it('refuse pieces that are missing, and a record that is announced too large', () => {
    const writer = new SpanningWriter(Types.string, 0);
    writer.start('x'.repeat(1000), 0);
    expect(() => {
      writer.start('y', 0);
    }).to.throw(InvariantError);
    const segments = pieces(writer, 512);
    const reader = new SpanningReader(Types.string);
    reader.add(segments[0]!);
    expect(() => reader.add(segments[2]!)).to.throw(CorruptDataError, 'pieces of a record are missing');
    segments[0]!.words[HeaderWord.heapUnits] = 2 ** 30 + 1;
    expect(() => new SpanningReader(Types.string).add(segments[0]!)).to.throw(RecordTooLargeError);
  });
});
