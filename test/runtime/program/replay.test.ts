import { expect } from 'chai';
import { newJobId } from '#core';
import { type ExecutorProvider, installExecutorProvider, type StreamGraph } from '#api';
import type { JobGraph, ProgramReference } from '../../../runtime/plan/job-graph.js';
import { toJobGraph } from '../../../runtime/plan/to-job-graph.js';
import { ReplayEndedError, ReplayFailedError, ReplayMismatchError } from '../../../runtime/program/errors.js';
import { applyMainConditions } from '../../../runtime/program/determinism.js';
import { replayProgram, runMain } from '../../../runtime/program/replay.js';
import { never } from '../../support/never.js';
import { writeProgram } from '../../support/program-file.js';
import { programReference } from '../../support/program-reference.js';
import { runJob, runProgram } from '../../support/run-program.js';
import { useTempDirectory } from '../../support/temp-directory.js';

const HEAD = `import { StreamExecutionEnvironment } from 'flink-ts';
const env = StreamExecutionEnvironment.getExecutionEnvironment();`;

/** The job of the first `execute` of a program, as a submission makes it. */
async function submitted(url: string, fields: Partial<ProgramReference> = {}): Promise<JobGraph> {
  const program = programReference(fields);
  const undo = applyMainConditions(program);
  const graph = await new Promise<StreamGraph>((resolve, reject) => {
    const provider: ExecutorProvider = {
      defaults: () => ({ parallelism: program.defaultParallelism, configuration: program.configuration }),
      executor: () =>
        Promise.resolve({
          submit: (built) => {
            resolve(built);
            return never;
          },
          once: async (effect) => effect(),
        }),
    };
    installExecutorProvider(provider);
    runMain(`${url}#submission`, program).catch(reject);
  }).finally(undo);
  return toJobGraph(graph, newJobId(), program);
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  return expect.fail('it has not failed');
}

describe('replaying a program', () => {
  const directory = useTempDirectory();

  it('answers the graph of the job, with the functions of the program', async () => {
    const url = writeProgram(
      directory.path,
      `${HEAD}
      env.fromElements(1, 2).map((value) => value * 10).print();
      await env.execute('job');`,
    );
    const job = await submitted(url);
    const graph = await replayProgram(`${url}#replay`, job);
    const map = graph.nodes.find(({ spec }) => spec.kind === 'map')?.spec;
    expect(map?.kind === 'map' && map.map(3)).to.equal(30);
  });

  it('calls the exported entry', async () => {
    const url = writeProgram(
      directory.path,
      `import { StreamExecutionEnvironment } from 'flink-ts';
      export async function start() {
        const env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.fromElements(1).print();
        await env.execute();
      }`,
    );
    const graph = await replayProgram(`${url}#replay`, await submitted(url, { entry: 'start' }));
    expect(graph.nodes).to.have.lengthOf(2);
    const failure = await failureOf(
      replayProgram(`${url}#none`, {
        ...(await submitted(`${url}#x`, { entry: 'start' })),
        program: programReference({ entry: 'finish' }),
      }),
    );
    expect(failure).to.be.instanceOf(ReplayFailedError);
    expect(failure.message).to.match(/"test-program\.ts" exports no function "finish"/);
  });

  it('waits for a main that nobody awaits', async () => {
    const url = writeProgram(
      directory.path,
      `import { readFile } from 'node:fs/promises';
      ${HEAD}
      async function main() {
        await readFile(new URL(import.meta.url));
        env.fromElements(1).print();
        await env.execute();
      }
      void main();`,
    );
    expect((await replayProgram(`${url}#replay`, await submitted(url))).nodes).to.have.lengthOf(2);
  });

  it('gives sources what they had at submission', async () => {
    const run = await runJob(
      writeProgram(
        directory.path,
        `${HEAD}
      globalThis.timesRun = (globalThis.timesRun ?? 0) + 1;
      env.fromElements(globalThis.timesRun, globalThis.timesRun).collectAsync();
      await env.execute();`,
      ),
    );
    const [first, second] = run.collected.get('collector-1') as number[];
    expect(first).to.equal(second);
    expect((globalThis as { timesRun?: number }).timesRun).to.equal((first ?? 0) + 1);
  });

  describe('fails when the program', () => {
    it('builds another graph, naming the first difference', async () => {
      const url = writeProgram(
        directory.path,
        `${HEAD}
        globalThis.builds = (globalThis.builds ?? 0) + 1;
        const numbers = env.fromElements(1);
        (globalThis.builds % 2 === 0 ? numbers.map((value) => value) : numbers.filter(() => true)).print();
        await env.execute();`,
      );
      const failure = await failureOf(replayProgram(`${url}#replay`, await submitted(url)));
      expect(failure).to.be.instanceOf(ReplayMismatchError);
      expect(failure.message).to.equal(
        '"test-program.ts" built another graph when it was replayed in a slot: ' +
          'operator 2 is "Filter" of kind "filter" in the one and "Map" of kind "map" in the other',
      );
    });

    it('ends before the job', async () => {
      const url = writeProgram(
        directory.path,
        `${HEAD}
        env.fromElements(1).print();
        globalThis.ended = (globalThis.ended ?? 0) + 1;
        if (globalThis.ended === 1) await env.execute();`,
      );
      const failure = await failureOf(replayProgram(`${url}#replay`, await submitted(url), { unawaitedMainMs: 10 }));
      expect(failure).to.be.instanceOf(ReplayEndedError);
      expect(failure.message).to.match(/"test-program\.ts" ended without its call number 1 of "execute"/);
    });

    it('throws before the job, keeping its error as the cause', async () => {
      const url = writeProgram(
        directory.path,
        `${HEAD}
        env.fromElements(1).print();
        globalThis.thrown = (globalThis.thrown ?? 0) + 1;
        if (globalThis.thrown > 1) throw new RangeError('no more');
        await env.execute();`,
      );
      const failure = await failureOf(replayProgram(`${url}#replay`, await submitted(url)));
      expect(failure).to.be.instanceOf(ReplayFailedError);
      expect(failure.message).to.match(/failed when it was replayed in a slot: no more/);
      expect(failure.cause).to.be.instanceOf(RangeError);
    });

    it('asks for more effects than at submission', async () => {
      const url = writeProgram(
        directory.path,
        `${HEAD}
        globalThis.asked = (globalThis.asked ?? 0) + 1;
        if (globalThis.asked > 1) await env.once(() => 1);
        env.fromElements(1).print();
        await env.execute();`,
      );
      const failure = await failureOf(replayProgram(`${url}#replay`, await submitted(url)));
      expect(failure).to.be.instanceOf(ReplayFailedError);
      expect(failure.message).to.match(/call number 1 of "env\.once" did not happen at submission/);
    });
  });

  it('does not disturb another replay of the same thread', async () => {
    const url = writeProgram(
      directory.path,
      `${HEAD}
      env.fromElements(1).map((value) => value).name(process.argv[2] + Math.random()).print();
      await new Promise((resolve) => setImmediate(resolve));
      await env.execute();`,
    );
    const { random } = Math;
    const jobs = [await submitted(`${url}#a`, { args: ['a'], randomSeed: 1 }), await submitted(`${url}#b`, { args: ['b'], randomSeed: 2 })];
    const graphs = await Promise.all(jobs.map((job, index) => replayProgram(`${url}#replay-${index}`, job)));
    expect(graphs.map(({ nodes }) => nodes[1]?.name[0])).to.deep.equal(['a', 'b']);
    expect(Math.random).to.equal(random);
  });
});

describe('programs run with everything replayed', () => {
  const directory = useTempDirectory();

  it('see the same chance, clock, arguments and variables everywhere', async () => {
    const url = writeProgram(
      directory.path,
      `${HEAD}
      const minutes = (ms) => Math.floor(ms / 100_000);
      const start = minutes(Date.now()) + ' ' + minutes(new Date().getTime()) + ' ' + (new Date() instanceof Date);
      const seen = [start, Math.random(), Math.random(), process.argv.slice(1), process.env.CHOSEN];
      env.fromElements(1).map(() => seen).name(JSON.stringify(seen)).collectAsync();
      await env.execute();`,
    );
    const run = await runJob(url, { args: ['--input', 'x y'], environment: { CHOSEN: 'one' }, parallelism: 2 });
    const [seen] = run.collected.get('collector-1') as [string, number, number, string[], string][];
    expect(run.job.vertices.map(({ name }) => name).join()).to.contain(JSON.stringify(seen));
    expect(seen?.[0]).to.equal('17000000 17000000 true');
    expect(seen?.slice(3)).to.deep.equal([['test-program.ts', '--input', 'x y'], 'one']);
    expect(process.env['CHOSEN']).to.equal(undefined);
    expect(Date.now()).to.be.above(1_700_001_000_000);
  });

  it('do the effects of "once" once, and see what they answered', async () => {
    const url = writeProgram(
      directory.path,
      `${HEAD}
      globalThis.effects ??= [];
      const first = await env.once(() => { globalThis.effects.push('first'); return { at: new Date(5), n: 2n }; });
      const second = await env.once(async () => { globalThis.effects.push('second'); return globalThis.effects.length; });
      env.fromElements(1, 2, 3).map(() => [first.at.getTime(), String(first.n), second]).collectAsync();
      await env.execute();`,
    );
    const run = await runJob(url, { parallelism: 3 });
    expect((globalThis as { effects?: string[] }).effects).to.deep.equal(['first', 'second']);
    expect(run.collected.get('collector-1')).to.deep.equal([
      [5, '2', 2],
      [5, '2', 2],
      [5, '2', 2],
    ]);
  });

  it('may run several jobs, with the results of the earlier ones', async () => {
    const runs = await runProgram(
      writeProgram(
        directory.path,
        `import { IntCounter, StreamExecutionEnvironment } from 'flink-ts';
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      const largest = [];
      const records = env.fromElements(3, 9, 4).map({
        open(context) { context.addAccumulator('seen', this.seen = new IntCounter()); },
        map(value) { this.seen.add(1); return value; },
      }).collectAsync();
      const result = await env.execute('first');
      for await (const value of records) largest.push(value);
      const max = Math.max(...largest);
      const other = StreamExecutionEnvironment.getExecutionEnvironment();
      other.fromElements(1).map((value) => [value, max, result.accumulators.seen]).name('max ' + max).collectAsync();
      await other.execute('second');`,
      ),
    );
    expect(runs.map(({ job }) => [job.name, job.program.executionIndex])).to.deep.equal([
      ['first', 0],
      ['second', 1],
    ]);
    expect(runs[1]?.collected.get('collector-1')).to.deep.equal([[1, 9, 3]]);
  });
});
