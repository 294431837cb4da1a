import { expect } from 'chai';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { executorProvider, installExecutorProvider } from '#api';
import { Configuration } from '#conf';
import {
  bundleProgram,
  type ClusterClient,
  executionDefaults,
  JobCancelledError,
  NoJobInProgramError,
  ProgramFailedError,
  startLocalCluster,
  type StartedJob,
  submitProgram,
} from '#session';
import { useTempDirectory } from '../../support/temp-directory.js';

const HEAD = "import { StreamExecutionEnvironment } from 'flink-ts';\nconst env = StreamExecutionEnvironment.getExecutionEnvironment();\n";

/** Programs are run by the tests' process, on a local cluster with worker threads. */
describe('session/local/local-cluster', function () {
  this.timeout(30_000);
  const directory = useTempDirectory();
  const before = executorProvider();
  let cluster: ClusterClient;
  let printed: string;

  beforeEach(async () => {
    printed = '';
    cluster = await startLocalCluster({
      configuration: Configuration.of({ 'blob.storage.directory': directory.path, 'taskmanager.tmp.dirs': directory.path }),
      web: false,
      print: (_stream, text) => {
        printed += text;
      },
      onWebStarted: () => undefined,
    });
  });
  afterEach(async () => {
    await cluster.close();
    if (before) installExecutorProvider(before);
  });

  it('leaves nothing behind when it is closed', async () => {
    expect(readdirSync(directory.path)).not.to.deep.equal([]);
    await cluster.close();
    expect(readdirSync(directory.path)).to.deep.equal([]);
  });

  const submit = async (
    text: string,
    more: {
      readonly detached?: boolean;
      readonly onJob?: (job: StartedJob) => void;
      readonly configuration?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<void> => {
    const file = join(directory.path, 'job.ts');
    writeFileSync(file, HEAD + text);
    await submitProgram({
      program: await bundleProgram(file),
      args: ['one', 'two'],
      entry: undefined,
      defaults: executionDefaults(Configuration.of({ 'parallelism.default': '2', ...more.configuration })),
      client: () => Promise.resolve(cluster),
      detached: more.detached ?? false,
      listener: { jobSubmitted: more.onJob },
    });
  };
  const failureOf = async (work: Promise<unknown>): Promise<unknown> =>
    await work.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('runs a program whose main nobody awaits, and waits for all its jobs', async () => {
    await submit(`void (async () => {
      await new Promise((resolve) => setImmediate(resolve));
      env.fromElements('a').print();
      await env.execute();
      env.fromElements('b').print();
      await env.execute();
    })();`);
    expect(printed.match(/[ab]\n/g)).to.deep.equal(['a\n', 'b\n']);
  });

  it('hands collected records and accumulators to the program', async () => {
    await submit(`
      const records = env.fromElements(2, 3).map((n) => n * n).collectAsync();
      await env.executeAsync();
      const squares: number[] = [];
      for await (const square of records) squares.push(square);
      env.fromElements(squares.toSorted().join(' ')).print();
      await env.execute();`);
    expect(printed).to.include('4 9\n');
  });

  it('gives main its arguments', async () => {
    await submit("env.fromElements(process.argv.slice(2).join('+')).print(); await env.execute();");
    expect(printed).to.include('one+two\n');
  });

  it('takes a job wider than its slots by another cell', async () => {
    await submit('env.fromSequence(1, 20).rebalance().map((n) => n).setParallelism(5).rebalance().print(); await env.execute();');
    expect(printed.trim().split('\n')).to.have.lengthOf(20);
    expect((await cluster.overview()).slotsTotal).to.equal(6);
  });

  it('returns at once from a detached job, which has no result', async () => {
    const started: StartedJob[] = [];
    await submit(
      `env.dataGenerator((n) => n, undefined, { ratePerSecond: 10 }).print();
       const result = await env.execute();
       const refusal = await env.once(() => {
         try {
           return JSON.stringify(result.accumulators);
         } catch (error) {
           return (error as { code: string }).code;
         }
       });
       env.fromElements(refusal).print();
       await env.execute();`,
      { detached: true, onJob: (job) => void started.push(job) },
    );
    expect(started).to.have.lengthOf(2);
    await cluster.jobResult(started[1]!.jobId);
    expect(printed).to.include('DETACHED_JOB\n');
    await cluster.cancelJob(started[0]!.jobId);
    expect((await cluster.jobResult(started[0]!.jobId)).state).to.equal('CANCELED');
  });

  it('restarts only the region that failed: the records of others are there once, by their first attempt', async () => {
    const [steady, broken, marker] = ['steady', 'broken', 'marker'].map((name) => JSON.stringify(join(directory.path, name)));
    await submit(
      `import { existsSync, writeFileSync } from 'node:fs';
      const numbered = (fail: boolean) => ({
        attempt: 0,
        open({ attemptNumber }: { attemptNumber: number }) { this.attempt = attemptNumber; },
        map(n: number) {
          if (fail && n === 1700 && !existsSync(${marker})) {
            writeFileSync(${marker}, '');
            throw new Error('once');
          }
          return this.attempt + ' ' + n;
        },
      });
      env.fromSequence(1, 2000).map(numbered(false)).writeAsText(${steady});
      env.fromSequence(1, 2000).map(numbered(true)).writeAsText(${broken});
      await env.execute();`,
      {
        configuration: {
          'jobmanager.execution.failover-strategy': 'region',
          'restart-strategy': 'fixed-delay',
          'restart-strategy.fixed-delay.delay': '0 s',
        },
      },
    );
    const linesOf = (name: string): readonly string[] =>
      readdirSync(join(directory.path, name)).flatMap((file) =>
        readFileSync(join(directory.path, name, file), 'utf8')
          .trim()
          .split('\n'),
      );
    const numbers = Array.from({ length: 2000 }, (_, index) => String(index + 1)).toSorted();
    const expected = numbers.map((n) => `0 ${n}`);
    expect(linesOf('steady').toSorted()).to.deep.equal(expected);
    const attempts = linesOf('broken').map((line) => line.split(' ') as [string, string]);
    expect(attempts.map(([, n]) => n).toSorted()).to.deep.equal(numbers);
    expect(new Set(attempts.map(([attempt, n]) => `${attempt} ${Number(n) > 1000}`))).to.deep.equal(new Set(['0 false', '1 true']));
  });

  it('tells the program that its job was cancelled', async () => {
    const error = await failureOf(
      submit('env.dataGenerator((n) => n, undefined, { ratePerSecond: 10 }).print(); await env.execute();', {
        onJob: ({ jobId, client }) => void client.cancelJob(jobId),
      }),
    );
    expect(error).to.be.instanceOf(JobCancelledError);
  });

  it('leaves a failure alone that the program has caught', async () => {
    await submit(`
      env.fromElements(1).map(() => { throw new Error('no'); }).print();
      await env.execute().catch(() => undefined);
      env.fromElements('went on').print();
      await env.execute();`);
    expect(printed).to.include('went on\n');
  });

  it('says so when main throws, or has no job', async () => {
    const thrown = await failureOf(submit("throw new RangeError('out');"));
    expect(thrown).to.be.instanceOf(ProgramFailedError).with.property('cause').that.is.instanceOf(RangeError);
    expect(await failureOf(submit('env.fromElements(1).print();'))).to.be.instanceOf(NoJobInProgramError);
  });
});
