import { expect } from 'chai';
import fc from 'fast-check';
import { framed, FrameReader } from '../../../../session/yarn/rpc/frame-reader.js';

describe('FrameReader', () => {
  it('finds the same frames however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
        (bodies, cuts) => {
          const stream = Buffer.concat(bodies.map(framed));
          const reader = new FrameReader();
          const found: Buffer[] = [];
          for (let at = 0, cut = 0; at < stream.length; cut++) {
            const end = at + cuts[cut % cuts.length]!;
            found.push(...reader.push(stream.subarray(at, end)));
            at = end;
          }
          expect(found.map((frame) => frame.toString('hex'))).to.deep.equal(bodies.map((body) => Buffer.from(body).toString('hex')));
        },
      ),
    );
  });

  it('refuses the length of what is no frame', () => {
    expect(() => new FrameReader().push(Buffer.from('HTTP/1.1 404 Not Found'))).to.throw(RangeError, 'a frame of 1213486160 bytes');
  });
});
