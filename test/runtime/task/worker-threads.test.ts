import { expect } from 'chai';
import { WorkerCarrier } from '../../../runtime/taskmanager/worker-carrier.js';
import type { RunProgramOptions } from '../../support/run-program.js';
import { runJob } from '../../support/run-program.js';
import { writeProgram } from '../../support/program-file.js';
import { useTempDirectory } from '../../support/temp-directory.js';

const HEAD = `import { StreamExecutionEnvironment } from 'flink-ts';
const env = StreamExecutionEnvironment.getExecutionEnvironment();`;

const inWorkers: RunProgramOptions = { parallelism: 2, carrier: (events) => new WorkerCarrier(256).taken(events) };

describe('slots in worker threads', () => {
  const directory = useTempDirectory();

  it('run a program file over rings shared between threads', async () => {
    const url = writeProgram(
      directory.path,
      `${HEAD}
      import { threadId } from 'node:worker_threads';
      env.fromSequence(1, 20_000)
        .map((value) => ({ key: value % 10, value, text: 'number ' + value }))
        .keyBy('key')
        .sum('value')
        .map(({ key, value }) => [key, value, threadId])
        .collectAsync();
      await env.execute('sums');`,
    );
    const run = await runJob(url, inWorkers);
    const updates = run.collected.get('collector-1') as [key: number, value: number, threadId: number][];
    expect(updates).to.have.lengthOf(20_000);
    const largest = new Map<number, number>();
    for (const [key, value] of updates) largest.set(key, Math.max(value, largest.get(key) ?? 0));
    const sumOf = (key: number): number => ((2000 * 1999) / 2) * 10 + 2000 * key + (key === 0 ? 20_000 : 0);
    expect([...largest].sort(([a], [b]) => a - b)).to.deep.equal(Array.from({ length: 10 }, (_, key) => [key, sumOf(key)]));
    expect(new Set(updates.map(([, , threadId]) => threadId)).size).to.equal(2);
  });

  it("fail with the program's error, and are ended", async () => {
    const url = writeProgram(
      directory.path,
      `${HEAD}
      env.fromSequence(1, 1000).rebalance().map((value) => {
        if (value === 500) throw new RangeError('not ' + value);
        return value;
      }).name('choosy').rebalance().print();
      await env.execute();`,
    );
    const failure = await runJob(url, inWorkers).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    expect(failure?.message).to.match(/^operator "choosy" failed in subtask \d\/2: not 500$/);
    expect((failure?.cause as Error).stack).to.match(/^RangeError: not 500\n +at .*program\.mjs:4:/);
  });

  it('are cancelled', async () => {
    const url = writeProgram(
      directory.path,
      `${HEAD}
      env.dataGenerator((index) => index).keyBy((value) => value % 7).map((value) => value).addSink(() => undefined);
      await env.execute();`,
    );
    const run = await runJob(url, {
      ...inWorkers,
      onReport: (report, job) => {
        if (report.type === 'state' && report.state === 'RUNNING') job.cancel();
        return undefined;
      },
    });
    expect(run.reports.filter(({ type }) => type === 'ended')).to.have.lengthOf(2);
  });
});
