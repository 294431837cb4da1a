import { expect } from 'chai';
import { MAX_WATERMARK, MIN_WATERMARK } from '#core';
import {
  type PollStatus,
  type Source,
  type SourceReader,
  type SourceReaderContext,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from '#api';
import { SourceInput } from '../../../runtime/task/source-input.js';
import { SourceAlignment } from '../../../runtime/time/source-alignment.js';
import { SourceTime } from '../../../runtime/time/source-time.js';
import { ManualClock } from '../../support/manual-clock.js';
import { runJob } from '../../support/run-program.js';

const ALIGNED = WatermarkStrategy.forMonotonousTimestamps<number>()
  .withTimestampAssigner((time) => time)
  .withWatermarkAlignment('group', 1000, 10);

/** Emits times from 0 on, `perPoll` at a time, until `end`. */
class Times implements Source<number> {
  readonly boundedness = 'bounded';
  readonly parallel = false;

  constructor(
    private readonly step: number,
    private readonly end: number,
    private readonly perPoll: number,
    private readonly emitted: (time: number) => void,
  ) {}

  createReader(): SourceReader<number> {
    let time = 0;
    return {
      poll: (output, maxRecords): PollStatus => {
        for (let left = Math.min(maxRecords, this.perPoll); left > 0 && time < this.end && !output.blocked; left--, time += this.step) {
          output.emit(time);
          this.emitted(time);
        }
        return time < this.end ? 'more' : 'end';
      },
    };
  }
}

describe('watermark alignment', function () {
  this.timeout(20_000);

  const drift = async (strategy: WatermarkStrategy<number>): Promise<{ readonly drift: number; readonly records: number }> => {
    let slow = 0;
    let largest = 0;
    let records = 0;
    await runJob(async () => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      const first = env.fromSource(
        new Times(100, 40_000, 1, (time) => {
          slow = time;
        }),
        strategy,
        'slow',
      );
      const second = env.fromSource(
        new Times(1, 40_000, 500, (time) => {
          largest = Math.max(largest, time - slow);
        }),
        strategy,
        'fast',
      );
      first.union(second).addSink(() => {
        records++;
      });
      await env.execute();
    });
    return { drift: largest, records };
  };

  it('keeps a source that is much faster than the other near to it', async () => {
    const aligned = await drift(ALIGNED);
    expect(aligned.records).to.equal(40_400);
    expect(aligned.drift).to.be.lessThan(1000 + 500 + 100);
  });

  it('is what keeps them together', async () => {
    const alone = await drift(WatermarkStrategy.forMonotonousTimestamps<number>().withTimestampAssigner((time) => time));
    expect(alone.drift).to.be.greaterThan(10_000);
  });

  /** A reader of two splits, which emits one record of each split that is not paused. */
  class TwoSplits implements SourceReader<number> {
    readonly paused = new Set<string>();
    readonly next = new Map([
      ['a', 0],
      ['b', 0],
    ]);
    readonly pauseOrResumeSplits?: (pause: readonly string[], resume: readonly string[]) => void;

    constructor(pausesSplits: boolean) {
      if (!pausesSplits) return;
      this.pauseOrResumeSplits = (pause, resume) => {
        for (const id of pause) this.paused.add(id);
        for (const id of resume) this.paused.delete(id);
      };
    }

    poll: SourceReader<number>['poll'] = (output) => {
      for (const [id, time] of this.next) {
        if (this.paused.has(id)) continue;
        output.forSplit?.(id).emit(time);
        this.next.set(id, time + (id === 'a' ? 1 : 10));
      }
      return 'more';
    };
  }

  const inputOf = (
    reader: SourceReader<number>,
    strategy = ALIGNED,
  ): { readonly input: SourceInput; readonly clock: ManualClock; readonly reports: number[]; readonly time: SourceTime } => {
    const clock = new ManualClock();
    const reports: number[] = [];
    const watermarks = { emitWatermark: () => undefined, setIdle: () => undefined };
    const time = new SourceTime(strategy as WatermarkStrategy<unknown>, { clock, watermarks, autoWatermarkIntervalMs: 100 });
    const alignment = new SourceAlignment(strategy.alignment!, time, { clock, report: (watermark) => reports.push(watermark) });
    const source: Source<number> = { boundedness: 'unbounded', parallel: false, createReader: () => reader };
    const to = { push: () => undefined, gate: { blocked: false }, time, alignment };
    return { input: new SourceInput(source, { clock } as Partial<SourceReaderContext> as SourceReaderContext, to), clock, reports, time };
  };

  it('pauses the splits that are ahead, where the reader can', async () => {
    const reader = new TwoSplits(true);
    const { input, clock, reports } = inputOf(reader);
    await input.open();
    expect(reports).to.deep.equal([MIN_WATERMARK]);
    input.poll();
    expect([...reader.paused]).to.deep.equal(['a', 'b']);
    input.align(50);
    for (let i = 0; i < 20; i++) input.poll();
    expect([...reader.paused]).to.deep.equal(['b']);
    expect(reader.next.get('b')).to.equal(70);
    clock.advance(10);
    expect(reports.at(-1)).to.equal(19);
    input.align(500);
    expect([...reader.paused]).to.deep.equal([]);
    await input.close();
  });

  it('pauses the reader as a whole where it cannot, by the least of its splits', async () => {
    const reader = new TwoSplits(false);
    const { input } = inputOf(reader);
    await input.open();
    input.align(5);
    let polls = 0;
    while (input.poll()) polls++;
    expect([polls, reader.next.get('a'), reader.next.get('b')]).to.deep.equal([8, 8, 80]);
    input.align(6);
    expect(input.poll()).to.equal(true);
    await input.close();
  });

  it('takes no reader for idle that is paused, and no idle one for one to wait for', async () => {
    const reader = new TwoSplits(false);
    const { input, clock, time, reports } = inputOf(reader, ALIGNED.withIdleness(200));
    await input.open();
    input.poll();
    for (let i = 0; i < 10; i++) {
      clock.advance(100);
      time.onProcessingTime(clock.now());
    }
    expect([input.poll(), time.idle]).to.deep.equal([false, false]);
    input.align(MAX_WATERMARK);
    for (let i = 0; i < 10; i++) {
      clock.advance(100);
      time.onProcessingTime(clock.now());
    }
    expect(time.idle).to.equal(true);
    clock.advance(10);
    expect(reports.at(-1)).to.equal(MAX_WATERMARK);
    await input.close();
    expect(clock.pendingTimers).to.equal(0);
  });
});
