import assert from 'node:assert/strict';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  EventTooLargeError,
  MAX_WATERMARK,
  MIN_WATERMARK,
  readEvent,
  Segment,
  SegmentFlag,
  type StreamEvent,
  Types,
  typesEqual,
  typeFromJson,
  typeToJson,
  writeEvent,
} from '#core';
import { anyType, anyValue } from './arbitrary-records.js';

const timestamp = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(MIN_WATERMARK, MAX_WATERMARK, 0.5));

const anyEvent: fc.Arbitrary<StreamEvent> = fc.oneof(
  timestamp.map((at): StreamEvent => ({ kind: 'watermark', timestamp: at })),
  fc.boolean().map((idle): StreamEvent => ({ kind: 'status', idle })),
  fc
    .tuple(fc.maxSafeNat(), fc.maxSafeNat(), fc.dictionary(fc.string(), anyValue, { noNullPrototype: true, maxKeys: 4 }))
    .map(([checkpointId, at, options]): StreamEvent => ({ kind: 'barrier', checkpointId, timestamp: at, options })),
  fc
    .tuple(fc.maxSafeNat(), fc.integer())
    .map(([checkpointId, capturedFrom]): StreamEvent => ({ kind: 'announcement', checkpointId, timestamp: 1, options: {}, capturedFrom })),
  fc.constant<StreamEvent>({ kind: 'endOfInput' }),
  fc.tuple(fc.nat(), anyType).map(([version, type]): StreamEvent => ({ kind: 'schema', version, type: typeFromJson(typeToJson(type)) })),
);

describe('stream events', () => {
  it('come back from a segment', () => {
    const segment = new Segment(new SharedArrayBuffer(32 * 1024), 0, 32 * 1024);
    fc.assert(
      fc.property(anyEvent, (event) => {
        expect(writeEvent(segment, event)).to.equal(segment.byteLength);
        expect(segment.flags).to.equal(SegmentFlag.event);
        expect(segment.rowCount).to.equal(0);
        assert.deepStrictEqual(readEvent(segment), event);
      }),
    );
  });

  it('lose the way to make instances from a type, and nothing else', () => {
    const segment = new Segment(new ArrayBuffer(4096), 0, 4096);
    class User {
      name = '';
    }
    const type = Types.pojo(User, { fields: { name: Types.string } });
    writeEvent(segment, { kind: 'schema', version: 1, type });
    const event = readEvent(segment);
    expect(event.kind === 'schema' && typesEqual(event.type, type)).to.equal(true);
  });

  it('say so when they do not fit', () => {
    const segment = new Segment(new ArrayBuffer(64), 0, 64);
    const event: StreamEvent = { kind: 'barrier', checkpointId: 1, timestamp: 2, options: { target: 'x'.repeat(100) } };
    expect(() => writeEvent(segment, event)).to.throw(EventTooLargeError, 'a "barrier" event takes');
  });
});
