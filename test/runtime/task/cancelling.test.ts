import { expect } from 'chai';
import { StreamExecutionEnvironment } from '#api';
import { type Build, expectEnded, same, sink } from '../../support/job-endings.js';
import type { JobRun } from '../../support/job-run.js';
import { ManualClock } from '../../support/manual-clock.js';
import { never } from '../../support/never.js';
import { runJob, type RunProgramOptions } from '../../support/run-program.js';

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

  it('waits for what is being opened, opens nothing more, and then closes', async () => {
    const life: string[] = [];
    const { run } = await failedOrEnded((env) => {
      env
        .fromSequence(1, 10)
        .map({ open: () => void life.push('open map'), map: same, close: () => void life.push('close map') })
        .sinkTo(
          sink({
            open: async () => {
              cancelSoon(jobs[0]);
              await turns(100);
              life.push('open sink');
            },
            close: () => void life.push('close sink'),
          }),
        );
    });
    expect(life).to.deep.equal(['open sink', 'close map', 'close sink']);
    expectEnded(run);
  });

  it('waits for what is being flushed at the end, flushes nothing more, and then closes', async () => {
    const life: string[] = [];
    const { run } = await failedOrEnded((env) => {
      const numbers = env.fromSequence(1, 10);
      for (const name of ['first', 'second']) {
        numbers.sinkTo(
          sink({
            flush: async () => {
              cancelSoon(jobs[0]);
              await turns(100);
              life.push(`flush ${name}`);
              return [];
            },
            close: () => void life.push(`close ${name}`),
          }),
        );
      }
    });
    expect(life).to.deep.equal(['flush first', 'close first', 'close second']);
    expectEnded(run);
  });

  it('does not wait for ever for functions that never open', async () => {
    const clock = new ManualClock();
    const { run } = await failedOrEnded(
      (env) => {
        env.fromSequence(1, 10).map({
          open: () => {
            cancelSoon(jobs[0]);
            void turns(100).then(() => {
              clock.advance(5000);
            });
            return never;
          },
          map: same,
        });
      },
      { clock },
    );
    expectEnded(run);
    const warnings = run.reports.flatMap((report) => (report.type === 'log' ? [report.message] : []));
    expect(warnings).to.deep.equal(['tasks that were cancelled were still opening or flushing after 5000 ms and are closed']);
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
  void turns(20).then(() => run?.cancel());
}

/** So many turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}
