import { expect } from 'chai';
import { MAX_WATERMARK } from '#core';
import { type KeyedProcessFunction, type DataStream, StreamExecutionEnvironment, WatermarkStrategy } from '#api';
import { runJob, type RunProgramOptions } from '../../support/run-program.js';

interface Walk {
  readonly start: number;
  readonly at: number;
  readonly steps: number;
}

function collatz({ start, at, steps }: Walk): Walk {
  return { start, at: at % 2 === 0 ? at / 2 : 3 * at + 1, steps: steps + 1 };
}

function stepsFrom(start: number): number {
  let steps = 0;
  for (let at = start; at !== 1; at = at % 2 === 0 ? at / 2 : 3 * at + 1) steps++;
  return steps;
}

const STARTS = Array.from({ length: 100 }, (_, i) => i + 2);

async function outputOf<T>(build: (env: StreamExecutionEnvironment) => DataStream<T>, options: RunProgramOptions): Promise<T[]> {
  const output: T[] = [];
  await runJob(async () => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setBufferTimeout(1);
    build(env).addSink((record) => {
      output.push(record);
    });
    await env.execute();
  }, options);
  return output;
}

const WAYS: Readonly<Record<string, (walks: DataStream<Walk>) => DataStream<Walk>>> = {
  forward: (walks) => walks,
  rebalance: (walks) => walks.rebalance(),
  keyBy: (walks) => walks.keyBy('at'),
};

describe('iterations', function () {
  this.timeout(60_000);

  for (const parallelism of [1, 2, 4]) {
    for (const [how, fedBack] of Object.entries(WAYS)) {
      it(`go round until a record is done: parallelism ${parallelism}, fed back by ${how}`, async () => {
        const output = await outputOf<Walk>(
          (env) => {
            const walks = env.fromParallelCollection(STARTS).map((start): Walk => ({ start, at: start, steps: 0 }));
            const head = walks.iterate(500);
            const next = head.map(collatz);
            const unfinished = next.filter(({ at }) => at !== 1);
            head.closeWith(fedBack(unfinished));
            return next.filter(({ at }) => at === 1);
          },
          { parallelism },
        );
        const steps = new Map(output.map((walk) => [walk.start, walk.steps]));
        expect(output.length).to.equal(STARTS.length);
        expect(STARTS.map((start) => steps.get(start))).to.deep.equal(STARTS.map(stepsFrom));
      });
    }
  }

  it('take feedback that is far more than exchanges and their own memory hold, and stand still never', async () => {
    const text = 'f'.repeat(500);
    const output = await outputOf<{ readonly level: number }>(
      (env) => {
        const head = env
          .fromSequence(1, 20)
          .map(() => ({ level: 0, text }))
          .iterate(500);
        // Each record becomes 3 of the next level: 20 * 3^6 in the end.
        const next = head.flatMap(({ level }) => Array.from({ length: 3 }, () => ({ level: level + 1, text })));
        head.closeWith(next.filter(({ level }) => level < 6));
        return next.filter(({ level }) => level === 6).map(({ level }) => ({ level }));
      },
      { parallelism: 2, segmentSizeBytes: 1024, configuration: { 'execution.iterations.feedback-memory': '128 kb' } },
    );
    expect(output.length).to.equal(20 * 3 ** 6);
  });

  it('take feedback of another type as the second of two streams', async () => {
    const output = await outputOf<string>(
      (env) => {
        const loop = env.fromElements('a', 'b').iterate(500).withFeedbackType<number>();
        const lengths = loop.flatMap<string | number>({
          flatMap1: (word, out) => {
            out.collect(word);
            out.collect(3);
          },
          flatMap2: (left, out) => {
            out.collect(`left ${left}`);
            if (left > 1) out.collect(left - 1);
          },
        });
        loop.closeWith(lengths.filter((record) => typeof record === 'number'));
        return lengths.filter((record) => typeof record === 'string');
      },
      { parallelism: 1 },
    );
    expect(output.sort()).to.deep.equal(['a', 'b', 'left 1', 'left 1', 'left 2', 'left 2', 'left 3', 'left 3']);
  });

  it('let the watermarks of the input through, and keep timestamps on the way round', async () => {
    const seen: (readonly [number, number])[] = [];
    const times: KeyedProcessFunction<number, number, number> = {
      processElement: (value, context) => {
        seen.push([value, context.timestamp]);
        context.timerService.registerEventTimeTimer(MAX_WATERMARK);
      },
      onTimer: () => {
        seen.push([-1, 0]);
      },
    };
    await outputOf<number>(
      (env) => {
        const strategy = WatermarkStrategy.forMonotonousTimestamps<number>().withTimestampAssigner((value) => value);
        const head = env.fromElements(10, 20).assignTimestampsAndWatermarks(strategy).iterate(300);
        const next = head.map((value) => value + 1);
        head.closeWith(next.filter((value) => value % 10 < 3));
        return next.keyBy(() => 0).process(times);
      },
      { parallelism: 1 },
    );
    expect(seen.filter(([value]) => value !== -1).sort(([a], [b]) => a - b)).to.deep.equal([
      [11, 10],
      [12, 10],
      [13, 10],
      [21, 20],
      [22, 20],
      [23, 20],
    ]);
    expect(seen.filter(([value]) => value === -1)).to.have.length.greaterThan(0);
  });

  it('have no end when they are told none', async () => {
    let finished = 0;
    const run = await runJob(
      async () => {
        const env = StreamExecutionEnvironment.getExecutionEnvironment();
        const head = env.fromElements(1, 2, 3).iterate();
        const next = head.map((value) => value + 1);
        head.closeWith(next.filter((value) => value < 5));
        next.addSink(() => undefined);
        await env.execute();
      },
      {
        onReport: (report, job) => {
          if (report.type === 'finished' && ++finished === 1) job.cancel();
          return true;
        },
      },
    ).catch((error: unknown) => error);
    expect(run).to.have.property('cancelled', true);
    expect(finished).to.equal(1);
  });
});
