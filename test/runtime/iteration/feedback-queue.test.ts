import { tmpdir } from 'node:os';
import { expect } from 'chai';
import fc from 'fast-check';
import { FeedbackQueue } from '../../../runtime/iteration/feedback-queue.js';
import { FeedbackSpillError } from '../../../runtime/iteration/errors.js';

function queue(memoryBytes: number, directory = tmpdir()): FeedbackQueue {
  return new FeedbackQueue({ type: undefined, memoryBytes, directory });
}

describe('FeedbackQueue', () => {
  it('answers what was put in its order, through memory and files, whatever comes between', () => {
    const step = fc.record({ put: fc.nat(30), take: fc.nat(30), length: fc.constantFrom(10, 5_000, 70_000) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.constantFrom(0, 100_000, 1_000_000), (steps, memoryBytes) => {
        const tested = queue(memoryBytes);
        const twin: { readonly n: number; readonly text: string }[] = [];
        let n = 0;
        for (const { put, take, length } of steps) {
          for (let i = 0; i < put; i++) {
            twin.push({ n: n++, text: 'x'.repeat(length) });
            tested.put(twin.at(-1), n);
          }
          for (let i = 0; i < take && twin.length > 0; i++) {
            const expected = twin.shift()!;
            expect(tested.take()).to.deep.equal(expected);
            expect(tested.timestamp).to.equal(expected.n + 1);
          }
          expect(tested.empty).to.equal(twin.length === 0);
        }
        tested.close();
      }),
      { numRuns: 50 },
    );
  });

  it('is pressed when half of its memory is used, and puts the rest into a file', () => {
    const tested = queue(200_000);
    const text = 'y'.repeat(1000);
    for (let i = 0; i < 60; i++) tested.put(text, 0);
    expect(tested.pressed).to.equal(false);
    for (let i = 0; i < 100; i++) tested.put(text, 0);
    expect([tested.pressed, tested.spilledBytes]).to.deep.equal([true, 0]);
    for (let i = 0; i < 200; i++) tested.put(text, 0);
    expect(tested.spilledBytes).to.be.greaterThan(60_000);
    for (let i = 0; i < 360; i++) tested.take();
    expect([tested.empty, tested.pressed, tested.spilledBytes]).to.deep.equal([true, false, 0]);
    tested.close();
  });

  it('leaves out what cannot be encoded', () => {
    const tested = queue(1000);
    tested.put(1, 0);
    expect(() => {
      tested.put(() => 1, 0);
    }).to.throw();
    tested.put(2, 0);
    expect([tested.take(), tested.take(), tested.empty]).to.deep.equal([1, 2, true]);
  });

  it('says where there was no room', () => {
    const tested = queue(0, '/proc/nowhere');
    expect(() => {
      for (let i = 0; i < 100; i++) tested.put('z'.repeat(1000), 0);
    }).to.throw(FeedbackSpillError, '/proc/nowhere');
  });
});
