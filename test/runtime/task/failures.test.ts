import { expect } from 'chai';
import { type Collector, type PollStatus, type Sink, type SinkWriter, type Source, StreamExecutionEnvironment } from '#api';
import type { RemoteError } from '../../../runtime/control/serialized-error.js';
import type { JobRun } from '../../support/job-run.js';
import { never } from '../../support/never.js';
import { runJob, type RunProgramOptions } from '../../support/run-program.js';

type Build = (env: StreamExecutionEnvironment) => unknown;

/** What `main` was thrown, and the job's run. */
async function failedRun(build: Build, options: RunProgramOptions = {}): Promise<{ readonly error: RemoteError; readonly run: JobRun }> {
  let job: JobRun | undefined;
  let failure: unknown;
  try {
    await runJob(
      async () => {
        const env = StreamExecutionEnvironment.getExecutionEnvironment();
        build(env);
        await env.execute();
      },
      {
        ...options,
        onJob: (run) => {
          job = run;
        },
      },
    );
  } catch (error) {
    failure = error;
  }
  if (!(failure instanceof Error) || job === undefined) return expect.fail('the job has not failed');
  return { error: failure as RemoteError, run: job };
}

const fail = (): never => {
  throw new RangeError('on purpose');
};
const failLater = (): Promise<never> => Promise.reject(new RangeError('on purpose'));
const same = <T>(value: T): T => value;

/** Collects more than any output can hold back. */
function copies(_value: unknown, out: Collector<number>): void {
  for (let copy = 0; copy < 10_000; copy++) out.collect(copy);
}

function sink(writer: Partial<SinkWriter<unknown>>): Sink<unknown> {
  return {
    createWriter: () => ({ blocked: false, write: () => undefined, flush: () => Promise.resolve([]), close: () => undefined, ...writer }),
  };
}

/** A bounded source with one reader method replaced. */
function source(reader: object): Source<number> {
  return { boundedness: 'bounded', parallel: true, createReader: () => ({ poll: (): PollStatus => 'end', ...reader }) };
}

/** Programs that fail, by what fails in them, and the operator that is to be named. */
const PROGRAMS: Readonly<Record<string, readonly [operator: string, build: Build]>> = {
  'a map': ['bad', (env) => env.fromElements(1).map(same).map(fail).name('bad').filter(Boolean)],
  'a filter': ['bad', (env) => env.fromElements(1).map(same).filter(fail).name('bad')],
  'a flatMap': ['bad', (env) => env.fromElements(1).map(same).flatMap(fail).name('bad').map(same)],
  'an iterable': [
    'bad',
    (env) =>
      env
        .fromElements(1)
        .map(same)
        .flatMap(function* results() {
          yield 1;
          fail();
        })
        .name('bad')
        .map(same),
  ],
  'a process function': ['bad', (env) => env.fromElements(1).map(same).process<number>({ processElement: fail }).name('bad').map(same)],
  'a reduce function': ['bad', (env) => env.fromElements(1, 1).keyBy(same).reduce(fail).name('bad').map(same)],
  'a fold function': ['bad', (env) => env.fromElements(1).keyBy(same).fold(0, fail).name('bad').map(same)],
  'a reduce function in batch, where it combines': [
    'Map',
    (env) => env.setRuntimeMode('BATCH').fromElements(1, 1, 1, 1).map(same).keyBy(same).reduce(fail).name('bad'),
  ],
  'a result in batch': [
    'bad',
    (env) =>
      env
        .setRuntimeMode('BATCH')
        .fromElements(1)
        .keyBy(same)
        .aggregate({ createAccumulator: () => 0, add: same, getResult: fail, merge: same })
        .name('bad')
        .map(same),
  ],
  'a map behind a result in batch': [
    'bad',
    (env) => env.setRuntimeMode('BATCH').fromElements(1).keyBy(same).reduce(same).map(fail).name('bad'),
  ],
  'a co-map': ['bad', (env) => env.fromElements(1).connect(env.fromElements(2)).map(same, fail).name('bad').map(same)],
  'a sink function': ['Sink: bad', (env) => env.fromElements(1).map(same).addSink(fail).name('bad')],
  'a sink function later': ['Sink: bad', (env) => env.fromElements(1).map(same).addSink(failLater).name('bad')],
  'opening a map': ['bad', (env) => env.fromElements(1).map(same).map({ open: failLater, map: same }).name('bad').map(same)],
  'closing a map': ['bad', (env) => env.fromElements(1).map(same).map({ close: fail, map: same }).name('bad').map(same)],
  'opening a sink': [
    'Sink: bad',
    (env) =>
      env
        .fromElements(1)
        .map(same)
        .sinkTo(sink({ open: failLater }))
        .name('bad'),
  ],
  'flushing a sink': [
    'Sink: bad',
    (env) =>
      env
        .fromElements(1)
        .map(same)
        .sinkTo(sink({ flush: failLater }))
        .name('bad'),
  ],
  'closing a sink': [
    'Sink: bad',
    (env) =>
      env
        .fromElements(1)
        .map(same)
        .sinkTo(sink({ close: failLater }))
        .name('bad'),
  ],
  'polling a source': ['Source: bad', (env) => env.fromSource(source({ poll: fail }), 'bad').map(same)],
  'opening a source': ['Source: bad', (env) => env.fromSource(source({ open: failLater }), 'bad').map(same)],
  'closing a source': ['Source: bad', (env) => env.fromSource(source({ close: failLater }), 'bad').map(same)],
  'a generator of records': [
    'Source: bad',
    (env) =>
      env
        .addSource(async function* records() {
          yield 1;
          await Promise.resolve();
          fail();
        }, 'bad')
        .map(same),
  ],
  'a key selector': ['before', (env) => env.fromElements(1, 2).map(same).name('before').keyBy(fail).reduce(same)],
  'a partitioner': ['before', (env) => env.fromElements(1, 2).map(same).name('before').partitionCustom(fail, same).map(same)],
};

describe("a job fails with the program's own error when", () => {
  for (const [what, [operator, build]] of Object.entries(PROGRAMS)) {
    it(`${what} fails`, async () => {
      const { error, run } = await failedRun(build, { parallelism: 2 });
      expect(error.message).to.match(new RegExp(`^operator "${operator}" failed in subtask \\d/\\d: on purpose$`));
      expect([error.name, error.code, error.blame]).to.deep.equal(['OperatorFailedError', 'OPERATOR_FAILED', 'user']);
      const { cause } = error;
      expect(cause).to.be.instanceOf(Error);
      expect((cause as Error).name).to.equal('RangeError');
      expect((cause as Error).stack).to.match(/failures\.test\.ts:\d+/);
      expectEnded(run);
    });
  }

  it('it throws what is no error', async () => {
    const thrown: unknown = 'only text';
    const { error } = await failedRun((env) =>
      env
        .fromElements(1)
        .map(same)
        .map(() => {
          throw thrown;
        }),
    );
    expect(error.message).to.equal('operator "Source: Collection Source -> Map -> Map" failed in subtask 1/1: only text');
  });

  it('a reader cannot be made, and what was made before is closed', async () => {
    const closed: string[] = [];
    const { error, run } = await failedRun((env) => {
      env.fromSequence(1, 10).map({
        map: same,
        close: () => {
          closed.push('map');
        },
      });
      env.fromSource({ boundedness: 'bounded', parallel: true, createReader: fail }, 'bad').map(same);
    });
    expect(error.message).to.match(/on purpose/);
    expect(closed).to.deep.equal(['map']);
    expectEnded(run);
  });

  it('a call emits more than may be held back, naming the operator', async () => {
    const { error } = await failedRun(
      (env) =>
        env
          .fromElements(1)
          .map(same)
          .flatMap(copies)
          .name('large')
          .rebalance()
          .addSink(() => never),
      { segmentSizeBytes: 512, configuration: { 'taskmanager.network.memory.max-overdraft-buffers-per-gate': '5' } },
    );
    expect([error.name, error.code]).to.deep.equal(['OverdraftExceededError', 'OVERDRAFT_EXCEEDED']);
    expect(error.message).to.match(/^operator "large" emitted more records in one call than 5 segments hold/);
  });

  it('a record cannot be sent, naming the operator', async () => {
    const { error } = await failedRun((env) =>
      env
        .fromElements(1)
        .map(() => ({ call: same }))
        .name('functions')
        .rebalance()
        .map(same),
    );
    expect(error.message).to.match(/^operator "functions" emitted a record that cannot be sent: /);
    expect(error.blame).to.equal('user');
  });

  it('a record lacks the field of its key', async () => {
    const { error } = await failedRun((env) => env.fromElements<{ user?: string }>({ user: 'ann' }, {}).keyBy('user').reduce(same));
    expect([error.name, error.message]).to.deep.equal([
      'MissingFieldError',
      'a record has no field "user": it is an object with the fields (none)',
    ]);
  });

  it('the replay fails, in no subtask', async () => {
    const builds = { count: 0 };
    const { error, run } = await failedRun((env) => {
      builds.count++;
      env.fromElements(1).map(same).name(`build ${builds.count}`);
    });
    expect(error.name).to.equal('ReplayMismatchError');
    expect(run.reports.filter(({ type }) => type === 'failed').map((report) => 'subtask' in report && report.subtask)).to.deep.equal([
      undefined,
    ]);
    expectEnded(run);
  });
});

describe('when a job fails', () => {
  it('only the first error of a slot is reported', async () => {
    const { run } = await failedRun((env) => {
      env.fromElements(1).map(fail);
      env.fromElements(1).map(fail);
    });
    expect(run.reports.filter(({ type }) => type === 'failed')).to.have.lengthOf(1);
  });

  it('functions, readers and writers of all subtasks are closed, once', async () => {
    const life: string[] = [];
    const note = (event: string) => (): void => {
      life.push(event);
    };
    await failedRun((env) => {
      env
        .fromSource(source({ open: note('open reader'), poll: (): PollStatus => 'idle', close: note('close reader') }), 'endless')
        .map({ open: note('open map'), map: same, close: note('close map') })
        .sinkTo(sink({ open: note('open sink'), close: note('close sink') }));
      env.fromSequence(1, 1000).map(fail);
    });
    expect(life.slice(0, 3)).to.deep.equal(['open sink', 'open map', 'open reader']);
    expect([...life].sort()).to.deep.equal(['close map', 'close reader', 'close sink', 'open map', 'open reader', 'open sink']);
  });

  it('errors of closing are logged, not reported as failures', async () => {
    const { run, error } = await failedRun((env) => {
      env
        .fromSource(
          source({
            poll: (): PollStatus => 'idle',
            close: () => {
              throw new Error('will not close');
            },
          }),
          'endless',
        )
        .map(same);
      env.fromElements(1).map(fail);
    });
    expect(error.message).to.match(/on purpose/);
    const logs = run.reports.flatMap((report) => (report.type === 'log' ? [report] : []));
    expect(logs.map(({ level, message, context }) => [level, message, context['error']])).to.deep.equal([
      [
        'warn',
        'a task failed while it was being closed',
        'OperatorFailedError: operator "Source: endless" failed in subtask 1/1: will not close',
      ],
    ]);
  });
});

describe('cancelling', () => {
  it('stops everything, in the middle of whatever it does', async () => {
    const closed: string[] = [];
    const signals: AbortSignal[] = [];
    let records = 0;
    const { run } = await failedOrEnded(
      (env) => {
        env
          .setBufferTimeout(1)
          .addSource(async function* endless({ signal }) {
            signals.push(signal);
            for (let value = 0; ; value++) {
              yield value;
              await new Promise((resolve) => {
                setImmediate(resolve);
              });
            }
          }, 'endless')
          .rebalance()
          .map({
            map: (value: number) => {
              if (records++ === 5) cancelSoon(jobs[0]);
              return value;
            },
            close: () => {
              closed.push('map');
            },
          })
          .rebalance()
          .sinkTo(
            sink({
              close: () => {
                closed.push('sink');
              },
            }),
          );
      },
      { parallelism: 2 },
    );
    expect(records).to.be.above(5);
    expect(closed.sort()).to.deep.equal(['map', 'map', 'sink', 'sink']);
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true]);
    expectEnded(run);
    const cancelled = run.reports.filter((report) => report.type === 'state' && report.state === 'CANCELED');
    expect(cancelled).to.have.lengthOf(5);
  });

  it('does not wait for a sink that never takes anything', async () => {
    const { run } = await failedOrEnded((env) => {
      env
        .fromSequence(1, 100_000)
        .rebalance()
        .addSink(() => {
          cancelSoon(jobs[0]);
          return never;
        });
    });
    expectEnded(run);
  });

  it('does not wait for functions that never open', async () => {
    const { run } = await failedOrEnded((env) => {
      env.fromSequence(1, 10).map({
        open: () => {
          cancelSoon(jobs[0]);
          return never;
        },
        map: same,
      });
    });
    expectEnded(run);
  });

  it('does not wait for a program that never comes to its job again', async () => {
    let builds = 0;
    const { run } = await failedOrEnded(async (env) => {
      env.fromSequence(1, 10).map(same);
      if (builds++ > 0) {
        cancelSoon(jobs[0]);
        await new Promise((_, reject) => {
          giveUp = reject;
        });
      }
    });
    expectEnded(run);
    giveUp?.(new Error('never'));
  });
});

let giveUp: ((error: Error) => void) | undefined;
let jobs: JobRun[] = [];

async function failedOrEnded(build: Build, options: RunProgramOptions = {}): Promise<{ readonly run: JobRun }> {
  jobs = [];
  await runJob(
    async () => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      await build(env);
      await env.execute();
    },
    {
      ...options,
      onJob: (run) => {
        jobs.push(run);
      },
    },
  );
  return { run: jobs[0]! };
}

/** Cancels once what runs now, and a few turns more, are over. */
function cancelSoon(run: JobRun | undefined): void {
  let turns = 20;
  const wait = (): void => {
    if (turns-- > 0) setImmediate(wait);
    else run?.cancel();
  };
  wait();
}

/** Every slot has ended, and says nothing afterwards. */
function expectEnded(run: JobRun): void {
  const slots = new Set(run.reports.map(({ slot }) => slot));
  for (const slot of slots) {
    const types = run.reports.filter((report) => report.slot === slot).map(({ type }) => type);
    expect(types.indexOf('ended'), `slot ${slot} reports its end last, and once`).to.equal(types.length - 1);
  }
}
