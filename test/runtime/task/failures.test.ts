import { expect } from 'chai';
import { type Collector, type DataStream, type PollStatus, type Source, StreamExecutionEnvironment } from '#api';
import type { RemoteError } from '../../../runtime/control/serialized-error.js';
import type { JobRun } from '../../support/job-run.js';
import { type Build, expectEnded, same, sink } from '../../support/job-endings.js';
import { never } from '../../support/never.js';
import { runJob, type RunProgramOptions } from '../../support/run-program.js';

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

/** Collects more than any output can hold back. */
function copies(_value: unknown, out: Collector<number>): void {
  for (let copy = 0; copy < 10_000; copy++) out.collect(copy);
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

interface Visit {
  user?: string;
  n: number;
}

const KEYED_BY_USER: Readonly<Record<string, (visits: DataStream<Visit>) => unknown>> = {
  reduced: (visits) => visits.keyBy('user').reduce(same),
  summed: (visits) => visits.keyBy('user').sum('n'),
  'with the highest': (visits) => visits.keyBy('user').maxBy('n'),
  folded: (visits) => visits.keyBy('user').fold(0, same),
  processed: (visits) => visits.keyBy('user').process<number>({ processElement: () => undefined }),
  'by several fields': (visits) => visits.keyBy('n', 'user').sum('n'),
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

  for (const [what, build] of Object.entries(KEYED_BY_USER)) {
    for (const parallelism of [1, 2]) {
      it(`a record lacks the field of its key, ${what} with parallelism ${parallelism}`, async () => {
        for (const records of [[{ n: 2 }], [{ n: 2 }, { user: 'ann', n: 1 }], [{ user: 'ann', n: 1 }, { n: 2 }]]) {
          for (const mode of ['STREAMING', 'BATCH'] as const) {
            const { error } = await failedRun((env) => build(env.setRuntimeMode(mode).fromCollection<Visit>(records)), { parallelism });
            expect([error.name, error.message]).to.deep.equal([
              'MissingFieldError',
              'a record has no field "user": it is an object with the fields "n"',
            ]);
          }
        }
      });
    }
  }

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
