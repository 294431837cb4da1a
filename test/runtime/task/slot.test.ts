import { expect } from 'chai';
import { DiscardingSink, type FinishStep, IntCounter, OutputTag, type RuntimeContext, type Sink, StreamExecutionEnvironment } from '#api';
import type { JobRun } from '../../support/job-run.js';
import { ManualClock } from '../../support/manual-clock.js';
import { ListSource } from '../../support/list-source.js';
import { runJob } from '../../support/run-program.js';

interface Count {
  word: string;
  count: number;
}
const WORDS = 'to be or not to be that is the question whether tis nobler in the mind to suffer'.split(' ');

function getEnvironment(): StreamExecutionEnvironment {
  return StreamExecutionEnvironment.getExecutionEnvironment();
}

/** The records of the first collector. */
function recordsOf<T>(run: JobRun): T[] {
  return (run.collected.get('collector-1') ?? []) as T[];
}

describe('slots', () => {
  for (const parallelism of [1, 2, 3]) {
    it(`run source, map, key, reduce and collect with parallelism ${parallelism}`, async () => {
      const run = await runJob(
        async () => {
          const env = getEnvironment();
          env
            .fromParallelCollection(WORDS)
            .map((word) => ({ word, count: 1 }))
            .keyBy('word')
            .reduce((left, right) => ({ word: left.word, count: left.count + right.count }))
            .collectAsync();
          await env.execute('words');
        },
        { parallelism },
      );
      const expected = new Map<string, number>();
      for (const word of WORDS) expected.set(word, (expected.get(word) ?? 0) + 1);
      const updates = recordsOf<Count>(run);
      expect(updates).to.have.lengthOf(WORDS.length);
      const last = new Map<string, number>();
      for (const { word, count } of updates) last.set(word, Math.max(count, last.get(word) ?? 0));
      expect(last).to.deep.equal(expected);
    });

    it(`give each key's result once in batch with parallelism ${parallelism}`, async () => {
      const run = await runJob(
        async () => {
          const env = getEnvironment().setRuntimeMode('BATCH');
          env
            .fromParallelCollection(WORDS)
            .map((word) => ({ word, count: 1 }))
            .keyBy('word')
            .sum('count')
            .collectAsync();
          await env.execute('words');
        },
        { parallelism },
      );
      const counts = recordsOf<Count>(run);
      expect(counts.map(({ word }) => word).sort()).to.deep.equal([...new Set(WORDS)].sort());
      for (const { word, count } of counts) expect(count, word).to.equal(WORDS.filter((other) => other === word).length);
    });
  }

  it('report states, then the end of each subtask, then their own', async () => {
    const run = await runJob(
      async () => {
        const env = getEnvironment();
        env
          .fromSequence(1, 100)
          .rebalance()
          .map((value) => value)
          .collectAsync();
        await env.execute();
      },
      { parallelism: 2 },
    );
    for (const slot of [0, 1]) {
      const reports = run.reports.filter((report) => report.slot === slot);
      expect(reports.at(-1)?.type).to.equal('ended');
      expect(reports.filter(({ type }) => type === 'ended')).to.have.lengthOf(1);
      for (const { id } of run.job.vertices) {
        const story = reports.flatMap((report) => {
          if (report.type !== 'state' && report.type !== 'finished') return [];
          if (report.subtask.vertexId !== id) return [];
          return report.type === 'state' ? [report.state] : ['finished'];
        });
        expect(story).to.deep.equal(['INITIALIZING', 'RUNNING', 'finished']);
      }
    }
  });

  it('report how many records went in and out', async () => {
    const run = await runJob(async () => {
      const env = getEnvironment();
      env
        .fromSequence(1, 100)
        .filter((value) => value % 4 === 0)
        .rebalance()
        .map((value) => value)
        .rebalance()
        .collectAsync();
      await env.execute();
    });
    const last = run.job.vertices.map(({ id }) => {
      const metrics = run.reports
        .flatMap((report) => (report.type === 'metrics' ? report.tasks : []))
        .filter(({ vertexId }) => vertexId === id)
        .at(-1);
      return [metrics?.recordsIn, metrics?.recordsOut];
    });
    expect(last).to.deep.equal([
      [100, 25],
      [25, 25],
      [25, 0],
    ]);
  });

  it('join streams, send side outputs to other chains, and copy broadcasts', async () => {
    const late = new OutputTag<string>('late');
    const run = await runJob(
      async () => {
        const env = getEnvironment();
        const numbers = env.fromSequence(1, 10).process<number>({
          processElement(value, context, out) {
            if (value > 8) context.output(late, `late ${value}`);
            else out.collect(value);
          },
        });
        numbers
          .map((value) => `main ${value}`)
          .union(numbers.getSideOutput(late).rebalance())
          .collectAsync();
        numbers
          .broadcast()
          .map((value) => value)
          .collectAsync();
        await env.execute();
      },
      { parallelism: 3 },
    );
    expect(run.collected.get('collector-1')).to.have.members([
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((value) => `main ${value}`),
      'late 9',
      'late 10',
    ]);
    expect(run.collected.get('collector-2')).to.have.members([1, 2, 3, 4, 5, 6, 7, 8].flatMap((value) => [value, value, value]));
  });

  it('give functions their context, and take their accumulators', async () => {
    const contexts: Partial<RuntimeContext>[] = [];
    const run = await runJob(
      async () => {
        const env = getEnvironment();
        env.getConfig().setGlobalJobParameters({ limit: '5' });
        const seen = new IntCounter();
        env
          .fromSequence(1, 10)
          .rebalance()
          .map({
            open(context: RuntimeContext) {
              context.addAccumulator('seen', seen);
              const {
                taskName,
                taskNameWithSubtasks,
                subtaskIndex,
                parallelism,
                maxParallelism,
                attemptNumber,
                jobName,
                globalJobParameters,
              } = context;
              contexts.push({
                taskName,
                taskNameWithSubtasks,
                subtaskIndex,
                parallelism,
                maxParallelism,
                attemptNumber,
                jobName,
                globalJobParameters,
              });
              context.logger.info('opened', { subtaskIndex });
            },
            map(value: number) {
              seen.add(1);
              return value;
            },
          })
          .name('count')
          .collectAsync();
        await env.execute('contexts');
      },
      { parallelism: 2 },
    );
    expect(contexts).to.have.deep.members(
      [0, 1].map((subtaskIndex) => ({
        taskName: 'count',
        taskNameWithSubtasks: `count (${subtaskIndex + 1}/2)`,
        subtaskIndex,
        parallelism: 2,
        maxParallelism: 128,
        attemptNumber: 0,
        jobName: 'contexts',
        globalJobParameters: { limit: '5' },
      })),
    );
    expect((await run.result()).accumulators).to.deep.equal({ seen: 10 });
    const logged = run.reports.flatMap((report) => (report.type === 'log' ? [[report.level, report.message]] : []));
    expect(logged).to.deep.equal([
      ['info', 'opened'],
      ['info', 'opened'],
    ]);
  });

  it('hand on what is printed and the steps that end the job', async () => {
    const step: FinishStep = { kind: 'rename', from: 'file:/tmp/a', to: 'file:/tmp/b', overwrite: false };
    const run = await runJob(async () => {
      const env = getEnvironment();
      const words = env.fromElements('a', 'b');
      words.print();
      words.sinkTo({
        createWriter: () => ({ blocked: false, write: () => undefined, flush: () => Promise.resolve([step]), close: () => undefined }),
      });
      await env.execute();
    });
    expect(run.printed).to.equal('a\nb\n');
    expect(run.steps).to.deep.equal([step]);
  });

  it('keep the records of every channel in order', async () => {
    const run = await runJob(
      async () => {
        const env = getEnvironment();
        env
          .fromSequence(0, 999)
          .setParallelism(1)
          .keyBy((value) => value % 7)
          .map((value) => value)
          .collectAsync();
        await env.execute();
      },
      { parallelism: 3, segmentSizeBytes: 512 },
    );
    for (let key = 0; key < 7; key++) {
      const values = recordsOf<number>(run).filter((value) => value % 7 === key);
      expect(values, `of key ${key}`).to.deep.equal([...values].sort((a, b) => a - b));
    }
  });

  it('bring everything through rings that are full when the input ends', async () => {
    const output: number[] = [];
    let open: (() => void) | undefined;
    let blocked = true;
    const run = runJob(
      async () => {
        const env = getEnvironment();
        env
          .fromSource(new ListSource(Array.from({ length: 3000 }, (_, index) => index)), 'list')
          .rebalance()
          .flatMap((value) => [value, value])
          .rebalance()
          .sinkTo({
            createWriter: ({ wake }) => {
              open = () => {
                blocked = false;
                wake();
              };
              return {
                get blocked() {
                  return blocked;
                },
                write: (value: number) => {
                  output.push(value);
                },
                flush: () => Promise.resolve([]),
                close: () => undefined,
              };
            },
          });
        await env.execute();
      },
      { segmentSizeBytes: 512, buffersPerChannel: 2, floatingBuffersPerGate: 0 },
    );
    for (let turn = 0; turn < 200; turn++) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    expect(output.length).to.be.below(50);
    open?.();
    await run;
    expect(output).to.have.lengthOf(6000);
  });

  it('hold a source back when a sink takes nothing, and go on when it does', async () => {
    let made = 0;
    let written = 0;
    let open: (() => void) | undefined;
    const run = runJob(
      async () => {
        const env = getEnvironment();
        env
          .dataGenerator((index) => {
            made = index;
            return { index, text: 'some text of a record' };
          }, 20_000)
          .rebalance()
          .map((record) => record)
          .rebalance()
          .addSink({
            invoke: () =>
              written++ === 0
                ? new Promise<void>((resolve) => {
                    open = resolve;
                  })
                : undefined,
          });
        await env.execute();
      },
      { segmentSizeBytes: 1024, buffersPerChannel: 2, floatingBuffersPerGate: 2 },
    );
    for (let turn = 0; turn < 500; turn++) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    const madeMeanwhile = made;
    expect(madeMeanwhile).to.be.below(1500);
    open?.();
    await run;
    expect([made, written]).to.deep.equal([19_999, 20_000]);
  });

  it('hold to the configuration of the job, then to that of the cluster', async () => {
    const seen: unknown[] = [];
    const configurations: Readonly<Record<string, string>>[] = [];
    await runJob(
      async () => {
        const env = getEnvironment();
        const sink: Sink<number> = {
          createWriter: ({ configuration }) => {
            configurations.push(configuration);
            return new DiscardingSink<number>().createWriter();
          },
        };
        env
          .fromElements(1)
          .map({
            open: (context: RuntimeContext) => {
              seen.push(context.globalJobParameters);
            },
            map: (value: number) => value,
          })
          .sinkTo(sink);
        await env.execute();
      },
      {
        jobConfiguration: { 'pipeline.global-job-parameters': 'a:1', 'fs.overwrite-files': 'true' },
        configuration: { 'fs.overwrite-files': 'false', 'taskmanager.numberOfTaskSlots': '2' },
      },
    );
    expect(seen).to.deep.equal([{ a: '1' }]);
    expect(configurations).to.deep.equal([
      { 'pipeline.global-job-parameters': 'a:1', 'fs.overwrite-files': 'true', 'taskmanager.numberOfTaskSlots': '2' },
    ]);
  });

  it('run plain chains when the configuration says so', async () => {
    const stacks: string[] = [];
    for (const compiled of ['true', 'false']) {
      await runJob(
        async () => {
          const env = getEnvironment();
          env.fromElements(1).map(() => stacks.push(new Error('here').stack ?? ''));
          await env.execute();
        },
        { jobConfiguration: { 'pipeline.compiled-chains': compiled } },
      );
    }
    expect(stacks.map((stack) => stack.includes('flink-ts-chain-'))).to.deep.equal([true, false]);
  });

  it('take the time from their clock', async () => {
    const clock = new ManualClock();
    const output: number[] = [];
    const run = runJob(
      async () => {
        const env = getEnvironment();
        env
          .dataGenerator((index) => index, 6, { ratePerSecond: 2 })
          .addSink((value) => {
            output.push(value);
          });
        await env.execute();
      },
      { clock },
    );
    const turns = async (): Promise<void> => {
      for (let turn = 0; turn < 50; turn++) {
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      }
    };
    await turns();
    const atFirst = output.length;
    expect(atFirst).to.be.below(6);
    await turns();
    expect(output).to.have.lengthOf(atFirst);
    clock.advance(1000);
    await turns();
    expect(output).to.have.lengthOf(atFirst + 2);
    for (; output.length < 6; await turns()) clock.advance(500);
    await run;
    expect(output).to.deep.equal([0, 1, 2, 3, 4, 5]);
  });
});
