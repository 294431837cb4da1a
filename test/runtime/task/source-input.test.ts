import { expect } from 'chai';
import { NO_TIMESTAMP } from '#core';
import type { PollStatus, Source, SourceOutput, SourceReaderContext } from '#api';
import { SourceInput } from '../../../runtime/task/source-input.js';
import { ManualClock } from '../../support/manual-clock.js';

/** A reader that does what is next in a list, and notes that it was polled. */
function inputOf(...polls: ((output: SourceOutput<unknown>, maxRecords: number) => PollStatus)[]) {
  const clock = new ManualClock();
  const gate = { blocked: false };
  const pushed: (readonly [unknown, number])[] = [];
  const polled = { times: 0 };
  const source: Source<unknown> = {
    boundedness: 'bounded',
    parallel: true,
    createReader: () => ({
      poll: (output, maxRecords) => {
        polled.times++;
        return polls.shift()?.(output, maxRecords) ?? 'end';
      },
    }),
  };
  const context = { clock } as unknown as SourceReaderContext;
  const input = new SourceInput(source, context, { push: (value, timestamp) => pushed.push([value, timestamp]), gate });
  return { input, gate, pushed, polled, clock };
}

describe('SourceInput', () => {
  it('hands records on, with their timestamp if they have one', () => {
    const { input, pushed } = inputOf((output) => {
      output.emit('a');
      output.emit('b', 7);
      return 'more';
    });
    expect(input.poll()).to.equal(true);
    expect(pushed).to.deep.equal([
      ['a', NO_TIMESTAMP],
      ['b', 7],
    ]);
    expect(input.recordsIn).to.equal(2);
  });

  it('shows the reader whether the chain can take more', () => {
    const { input, gate } = inputOf((output) => {
      expect(output.blocked).to.equal(false);
      gate.blocked = true;
      expect(output.blocked).to.equal(true);
      return 'more';
    });
    input.poll();
  });

  it('asks for fewer records when they take long, and for more again', () => {
    const asked: number[] = [];
    const polls = [2, 2, 0, 0].map((msEach) => (output: SourceOutput<unknown>, maxRecords: number): PollStatus => {
      asked.push(maxRecords);
      for (let index = 0; index < maxRecords; index++) output.emit(index);
      slow.clock.advance(msEach * maxRecords);
      return 'more';
    });
    const slow = inputOf(...polls);
    for (let times = 0; times < 4; times++) slow.input.poll();
    expect(asked).to.deep.equal([1024, 5, 5, 10]);
  });

  it('leaves an idle reader alone until it is woken', () => {
    const { input, polled } = inputOf(
      () => 'idle',
      () => 'idle',
    );
    expect([input.poll(), input.poll(), input.poll()]).to.deep.equal([false, false, false]);
    expect(polled.times).to.equal(1);
    input.wake();
    input.poll();
    expect(polled.times).to.equal(2);
  });

  it('polls again when the reader was woken while it was polled', () => {
    const { input, polled } = inputOf(
      () => {
        input.wake();
        return 'idle';
      },
      () => 'more',
    );
    expect([input.poll(), input.poll()]).to.deep.equal([false, true]);
    expect(polled.times).to.equal(2);
  });

  it('never polls a reader again that has ended', () => {
    const { input, polled } = inputOf(() => 'end');
    expect([input.poll(), input.ended]).to.deep.equal([true, true]);
    input.wake();
    expect(input.poll()).to.equal(false);
    expect(polled.times).to.equal(1);
  });
});
