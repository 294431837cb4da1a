import { expect } from 'chai';
import {
  type PollStatus,
  type Source,
  type SourceReader,
  type SourceReaderContext,
  type Split,
  type SplitEnumerator,
  type SplitEnumeratorContext,
  StreamExecutionEnvironment,
} from '#api';
import type { JobRun } from '../../support/job-run.js';
import { never } from '../../support/never.js';
import { runJob, type RunProgramOptions } from '../../support/run-program.js';

interface RangeSplit extends Split {
  readonly from: number;
  readonly to: number;
}

/** How an enumerator answers: at once, some turns later, or before it is asked. */
type Answers = 'at once' | 'later' | 'unasked';

interface RangeOptions {
  readonly splits: number;
  readonly answers: Answers;
  readonly start?: () => Promise<void>;
  readonly events?: string[];
}

/** Numbers in ranges of ten, given out by an enumerator. */
class RangeSource implements Source<number> {
  readonly boundedness = 'bounded';
  readonly parallel = true;

  constructor(private readonly options: RangeOptions) {}

  createReader(context: SourceReaderContext): SourceReader<number> {
    return new RangeReader(context, this.options.answers === 'unasked');
  }

  createEnumerator(context: SplitEnumeratorContext): SplitEnumerator {
    const {
      options: { splits, answers, start, events },
    } = this;
    const waiting = Array.from({ length: splits }, (_, index): RangeSplit => ({
      id: `split-${index}`,
      from: index * 10,
      to: index * 10 + 10,
    }));
    const answer = (reader: number): void => {
      const split = waiting.shift();
      if (split === undefined) context.noMoreSplits(reader);
      else context.assign(reader, [split]);
    };
    return {
      start: async () => {
        await start?.();
        if (answers !== 'unasked') return;
        for (let reader = 0; reader < context.parallelism; reader++) {
          context.assign(reader, waiting.splice(0, Math.ceil(splits / context.parallelism)));
          context.noMoreSplits(reader);
        }
      },
      handleRequest: (reader) => {
        events?.push(`request of ${reader}`);
        if (answers === 'later') {
          setImmediate(() => {
            setImmediate(answer, reader);
          });
        } else answer(reader);
      },
      close: () => {
        events?.push('closed');
      },
    };
  }
}

class RangeReader implements SourceReader<number> {
  readonly #splits: RangeSplit[] = [];
  #ended = false;
  #asked: boolean;
  #next = 0;

  constructor(
    private readonly context: SourceReaderContext,
    unasked: boolean,
  ) {
    this.#asked = unasked;
  }

  poll(output: Parameters<SourceReader<number>['poll']>[0]): PollStatus {
    const [split] = this.#splits;
    if (split === undefined) {
      if (this.#ended) return 'end';
      if (!this.#asked) this.context.requestSplit();
      this.#asked = true;
      return 'idle';
    }
    for (; this.#next < split.to && !output.blocked; this.#next++) output.emit(this.#next);
    if (this.#next === split.to) this.#start(this.#splits.slice(1));
    return 'more';
  }

  addSplits(splits: readonly Split[]): void {
    if (this.#splits.length === 0) this.#start(splits as readonly RangeSplit[]);
    else this.#splits.push(...(splits as readonly RangeSplit[]));
    this.#asked = false;
  }

  noMoreSplits(): void {
    this.#ended = true;
  }

  #start(splits: readonly RangeSplit[]): void {
    this.#splits.splice(0, this.#splits.length, ...splits);
    this.#next = splits[0]?.from ?? 0;
  }
}

async function readRanges(options: RangeOptions, run: RunProgramOptions = {}): Promise<JobRun> {
  return runJob(async () => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    env
      .fromSource(new RangeSource(options), 'ranges')
      .map((value) => value)
      .collectAsync();
    await env.execute();
  }, run);
}

function expectNumbers(run: JobRun, count: number): void {
  const numbers = [...((run.collected.get('collector-1') ?? []) as number[])].sort((a, b) => a - b);
  expect(numbers).to.deep.equal(Array.from({ length: count }, (_, index) => index));
}

describe('splits', () => {
  for (const answers of ['at once', 'later', 'unasked'] as const) {
    for (const parallelism of [1, 2, 3]) {
      it(`are all read, once, when given out ${answers} with parallelism ${parallelism}`, async () => {
        expectNumbers(await readRanges({ splits: 7, answers }, { parallelism }), 70);
      });
    }
  }

  it('are fewer than readers', async () => {
    expectNumbers(await readRanges({ splits: 1, answers: 'at once' }, { parallelism: 4 }), 10);
    expectNumbers(await readRanges({ splits: 0, answers: 'later' }, { parallelism: 2 }), 0);
  });

  it('are waited for until the enumerator has found them', async () => {
    let found: (() => void) | undefined;
    const events: string[] = [];
    const run = readRanges(
      {
        splits: 3,
        answers: 'at once',
        events,
        start: () =>
          new Promise((resolve) => {
            found = resolve;
          }),
      },
      { parallelism: 2 },
    );
    for (let turn = 0; turn < 50; turn++) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    expect(events).to.deep.equal([]);
    found?.();
    expectNumbers(await run, 30);
    expect(events.at(-1)).to.equal('closed');
  });

  it("may be asked for before the enumerator's slot has built its tasks", async () => {
    const events: string[] = [];
    const run = await readRanges(
      { splits: 5, answers: 'at once', events },
      {
        parallelism: 2,
        onJob: (job) => {
          job.requestSplitFor(1);
        },
      },
    );
    expectNumbers(run, 50);
    expect(events[0]).to.equal('request of 1');
  });

  it('are not read twice when several subtasks of one slot ask', async () => {
    expectNumbers(await readRanges({ splits: 9, answers: 'later' }, { parallelism: 4, slots: 2 }), 90);
  });

  it('that cannot be found fail the job', async () => {
    const failure = await readRanges({ splits: 1, answers: 'at once', start: () => Promise.reject(new Error('no directory')) }).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    expect(failure?.message).to.equal('operator "Source: ranges" failed in subtask 1/1: no directory');
  });

  it('that cannot be given out, or taken, fail the job', async () => {
    const broken = (): never => {
      throw new Error('no more');
    };
    const failing: readonly [string, Partial<SplitEnumerator>, Partial<SourceReader<number>>][] = [
      ['the enumerator', { handleRequest: broken }, {}],
      ['the reader', {}, { addSplits: broken }],
    ];
    for (const [what, enumerator, reader] of failing) {
      const source = new RangeSource({ splits: 2, answers: 'at once' });
      const failure = await runJob(
        async () => {
          const env = StreamExecutionEnvironment.getExecutionEnvironment();
          env
            .fromSource(
              {
                boundedness: 'bounded',
                parallel: true,
                createReader: (context) => Object.assign(source.createReader(context), reader),
                createEnumerator: (context) => Object.assign(source.createEnumerator(context), enumerator),
              },
              'ranges',
            )
            .map((value: number) => value);
          await env.execute();
        },
        { parallelism: 2 },
      ).then(
        () => undefined,
        (error: unknown) => error as Error,
      );
      expect(failure?.message, what).to.match(/^operator "Source: ranges" failed in subtask \d\/2: no more$/);
    }
  });

  it('are given out no more when the job is cancelled', async () => {
    const events: string[] = [];
    await readRanges(
      { splits: 3, answers: 'at once', events, start: () => never },
      {
        parallelism: 2,
        onReport: (report, job) => {
          if (report.type === 'state' && report.state === 'RUNNING') job.cancel();
          return undefined;
        },
      },
    );
    expect(events).to.deep.equal(['closed']);
  });
});
