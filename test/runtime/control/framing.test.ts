import { expect } from 'chai';
import fc from 'fast-check';
import { MessageTooLargeError } from '../../../runtime/control/errors.js';
import { frameOf, PayloadReader } from '../../../runtime/control/framing.js';

describe('framing', () => {
  it('gives back the payloads, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), fc.array(fc.integer({ min: 1, max: 30 })), (payloads, cuts) => {
        const stream = Buffer.concat(payloads.map((payload) => frameOf(payload, 100)));
        const reader = new PayloadReader(100);
        const read: Buffer[] = [];
        for (const chunk of chunksOf(stream, cuts)) {
          reader.push(chunk);
          for (let payload = reader.next(); payload; payload = reader.next()) read.push(payload);
        }
        expect(read.map((payload) => [...payload])).to.deep.equal(payloads.map((payload) => [...payload]));
        expect(reader.rest()).to.have.length(0);
      }),
    );
  });

  it('refuses a frame beyond the limit as soon as its length is known', () => {
    const reader = new PayloadReader(10);
    reader.push(frameOf(new Uint8Array(11), 100).subarray(0, 4));
    expect(() => reader.next()).to.throw(MessageTooLargeError);
    expect(() => frameOf(new Uint8Array(11), 10)).to.throw(MessageTooLargeError, '11 bytes');
  });
});

function chunksOf(stream: Buffer, cuts: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of cuts) {
    chunks.push(stream.subarray(at, at + size));
    at = Math.min(stream.length, at + size);
  }
  return [...chunks, stream.subarray(at)];
}
