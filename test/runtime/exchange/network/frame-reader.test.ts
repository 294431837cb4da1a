import { expect } from 'chai';
import fc from 'fast-check';
import { controlFrame, creditFrame, FrameKind, kindAndChannel, requestFrame } from '../../../../runtime/exchange/network/frame.js';
import { FrameReader, type FrameSink } from '../../../../runtime/exchange/network/frame-reader.js';
import { ProtocolError } from '../../../../runtime/exchange/network/protocol-error.js';

interface Seen {
  readonly kind: number;
  readonly channel: number;
  readonly body: string;
}

class Recorder implements FrameSink {
  readonly seen: Seen[] = [];
  #place = new Uint8Array(0);

  place(channel: number, length: number): Uint8Array | undefined {
    if (channel === 13) return undefined;
    this.#place = new Uint8Array(length);
    return this.#place;
  }

  placed(channel: number): void {
    this.seen.push({ kind: FrameKind.data, channel, body: Buffer.from(this.#place).toString('hex') });
  }

  control(kind: FrameKind, channel: number, body: Buffer): void {
    this.seen.push({ kind, channel, body: body.toString('hex') });
  }
}

function dataFrame(channel: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(body.length, 0);
  header.writeInt32LE(kindAndChannel(FrameKind.data, channel), 4);
  return Buffer.concat([header, body]);
}

const frame = fc.record({
  kind: fc.constantFrom(FrameKind.data, FrameKind.credit, FrameKind.cancel, FrameKind.rejected),
  channel: fc.oneof(fc.nat(20), fc.constant(0xff_ffff)),
  body: fc.uint8Array({ maxLength: 200 }),
});

describe('frame reader', () => {
  it('finds the same frames wherever the stream is cut, and skips data without a place', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 20 }), fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (frames, cuts) => {
        const stream = Buffer.concat(
          frames.map(({ kind, channel, body }) => (kind === FrameKind.data ? dataFrame(channel, body) : controlFrame(kind, channel, body))),
        );
        const recorder = new Recorder();
        const reader = new FrameReader(recorder);
        for (let at = 0, cut = 0; at < stream.length; cut++) {
          const chunk = stream.subarray(at, at + cuts[cut % cuts.length]!);
          reader.push(chunk, chunk.length);
          at += chunk.length;
        }
        const expected = frames
          .filter(({ kind, channel }) => kind !== FrameKind.data || channel !== 13)
          .map(({ kind, channel, body }) => ({ kind, channel, body: Buffer.from(body).toString('hex') }));
        expect(recorder.seen).to.deep.equal(expected);
      }),
    );
  });

  it('takes the frames of credits and requests', () => {
    const recorder = new Recorder();
    const stream = Buffer.concat([creditFrame(7, 3), requestFrame(8, 6, 'job/0/1/2/3')]);
    new FrameReader(recorder).push(stream, stream.length);
    expect(recorder.seen).to.deep.equal([
      { kind: FrameKind.credit, channel: 7, body: '03000000' },
      { kind: FrameKind.request, channel: 8, body: `06000000${Buffer.from('job/0/1/2/3').toString('hex')}` },
    ]);
  });

  it('refuses what does not look like a frame', () => {
    const http = Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(() => {
      new FrameReader(new Recorder()).push(http, http.length);
    }).to.throw(ProtocolError, 'a control frame of');
  });
});
