import { expect } from 'chai';
import fc from 'fast-check';
import { MAX_WATERMARK, NO_TIMESTAMP } from '#core';
import {
  AscendingTimestampExtractor,
  BoundedOutOfOrdernessTimestampExtractor,
  FailingHandler,
  IngestionTimeExtractor,
  WatermarkStrategy,
  type AssignerWithPunctuatedWatermarks,
} from '#api';
import { SplitWatermarks } from '../../../runtime/time/split-watermarks.js';
import { TimestampsOperator } from '../../../runtime/time/timestamps-operator.js';
import { ManualClock } from '../../support/manual-clock.js';

/** What an operator tells of its time, in order: watermarks, and whether it is idle. */
class RecordedWatermarks {
  readonly told: (number | boolean)[] = [];

  emitWatermark(timestamp: number): void {
    this.told.push(timestamp);
  }

  setIdle(idle: boolean): void {
    this.told.push(idle);
  }
}

interface Rig {
  readonly told: (number | boolean)[];
  readonly clock: ManualClock;
  readonly operator: TimestampsOperator;
  /** Passes a record through; answers its timestamp. */
  record(value: number): number;
  /** Moves the clock, with everything that is due. */
  wait(ms: number): void;
}

function rig(strategy: WatermarkStrategy<number>): Rig {
  const clock = new ManualClock();
  const watermarks = new RecordedWatermarks();
  const operator = new TimestampsOperator(strategy as WatermarkStrategy<unknown>, { clock, watermarks, autoWatermarkIntervalMs: 200 });
  return {
    told: watermarks.told,
    clock,
    operator,
    record: (value) => {
      const timestamp = operator.timestampOf(value, NO_TIMESTAMP);
      operator.passed(value, timestamp);
      return timestamp;
    },
    wait: (ms) => {
      for (let passed = 0; passed < ms; passed++) {
        clock.advance(1);
        if (operator.time.nextProcessingTimeMs <= clock.now()) {
          operator.time.onProcessingTime(clock.now(), { emit: () => undefined, emitTo: () => undefined });
        }
      }
    },
  };
}

const itself = (value: number): number => value;

describe('TimestampsOperator', () => {
  it('is behind the latest timestamp by the delay and one, at each interval', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: 0, max: 1000 }))), fc.nat({ max: 50 }), (batches, delay) => {
        const { told, record, wait } = rig(WatermarkStrategy.forBoundedOutOfOrderness(delay).withTimestampAssigner(itself));
        const expected: number[] = [];
        let max = -Infinity;
        for (const batch of batches) {
          for (const value of batch) expect(record(value)).to.equal(value);
          wait(200);
          max = Math.max(max, ...batch);
          if (max - delay - 1 > (expected.at(-1) ?? -Infinity)) expected.push(max - delay - 1);
        }
        expect(told).to.deep.equal(expected);
      }),
    );
  });

  it('lets only the end of time through of the watermarks of its input', () => {
    const { told, operator } = rig(WatermarkStrategy.noWatermarks<number>());
    const output = { emit: () => undefined, emitTo: () => undefined };
    operator.time.advance(7, output);
    operator.time.advance(MAX_WATERMARK, output);
    expect(told).to.deep.equal([MAX_WATERMARK]);
  });

  it('is idle after the timeout, and active with the next record', () => {
    const { told, record, wait } = rig(WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner(itself).withIdleness('1 s'));
    record(5);
    wait(1600);
    expect(told).to.deep.equal([4, true]);
    record(9);
    wait(200);
    expect(told).to.deep.equal([4, true, false, 8]);
  });

  it('takes the assigners of the older interface', () => {
    class Ascending extends AscendingTimestampExtractor<number> {
      extractAscendingTimestamp(value: number): number {
        return value;
      }
    }
    class Bounded extends BoundedOutOfOrdernessTimestampExtractor<number> {
      extractTimestamp(value: number): number {
        return value;
      }
    }
    const punctuated: AssignerWithPunctuatedWatermarks<number> = {
      extractTimestamp: itself,
      checkAndGetNextWatermark: (value, timestamp) => (value % 2 === 0 ? timestamp : undefined),
    };
    const told = (strategy: WatermarkStrategy<number>): unknown => {
      const run = rig(strategy);
      for (const value of [3, 8, 6, 9]) run.record(value);
      run.wait(200);
      return run.told;
    };
    expect(told(WatermarkStrategy.forAssigner(new Ascending()))).to.deep.equal([8]);
    expect(told(WatermarkStrategy.forAssigner(new Bounded('3 ms')))).to.deep.equal([6]);
    expect(told(WatermarkStrategy.forAssigner(punctuated))).to.deep.equal([8]);
    const failing = rig(WatermarkStrategy.forAssigner(new Ascending().withViolationHandler(new FailingHandler())));
    failing.record(3);
    expect(() => failing.record(2))
      .to.throw()
      .with.property('code', 'TIMESTAMP_MONOTONY');
  });

  it('takes the time of arrival', () => {
    const clock = { now: 5 };
    const extractor = new IngestionTimeExtractor<number>(() => clock.now);
    expect([extractor.extractTimestamp(), extractor.getCurrentWatermark()]).to.deep.equal([5, 4]);
    clock.now = 3;
    expect(extractor.extractTimestamp()).to.equal(5);
    const run = rig(WatermarkStrategy.forIngestionTime());
    run.wait(200);
    expect(run.record(1)).to.equal(200);
    expect(run.told).to.deep.equal([199]);
  });
});

describe('SplitWatermarks', () => {
  const strategy = WatermarkStrategy.forMonotonousTimestamps()
    .withTimestampAssigner(itself)
    .withIdleness(500) as WatermarkStrategy<unknown>;
  const splitsOf = (): {
    told: (number | boolean)[];
    clock: ManualClock;
    splits: SplitWatermarks;
    record(split: string, value: number): void;
  } => {
    const clock = new ManualClock();
    const output = new RecordedWatermarks();
    const splits = new SplitWatermarks(strategy, clock, output);
    const record = (split: string, value: number): void => {
      const generated = splits.split(split);
      generated.passed(value, generated.timestampOf(value, NO_TIMESTAMP));
    };
    return { told: output.told, clock, splits, record };
  };
  const tick = (clock: ManualClock, splits: SplitWatermarks, ms = 200): void => {
    clock.advance(ms);
    splits.tick(clock.now());
  };

  it('are the least of the splits that are not idle, and never fall', () => {
    const { told, clock, splits, record } = splitsOf();
    record('a', 10);
    record('b', 4);
    tick(clock, splits);
    expect(told).to.deep.equal([3]);
    for (const value of [20, 30, 40]) {
      record('a', value);
      tick(clock, splits);
    }
    // b is idle by now
    expect(told).to.deep.equal([3, 39]);
    record('b', 5);
    tick(clock, splits);
    record('b', 60);
    tick(clock, splits);
    expect(told).to.deep.equal([3, 39]);
    record('a', 50);
    tick(clock, splits);
    expect(told).to.deep.equal([3, 39, 49]);
  });

  it('are idle with all splits, and are not held back by one that is read to its end', () => {
    const { told, clock, splits, record } = splitsOf();
    splits.split('slow');
    record('a', 7);
    tick(clock, splits);
    expect(told).to.deep.equal([]);
    splits.finish('slow');
    expect(told).to.deep.equal([6]);
    tick(clock, splits, 600);
    expect(told).to.deep.equal([6, true]);
    record('a', 9);
    tick(clock, splits);
    expect(told).to.deep.equal([6, true, false, 8]);
  });
});
