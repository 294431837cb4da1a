import { expect } from 'chai';
import type { FileSystem } from '#core';
import { httpJson } from '../../testbed/http-json.js';
import { poll } from '../../testbed/poll.js';
import { Testbed } from '../../testbed/testbed.js';
import { hdfsOf } from '../hdfs/hdfs-under-test.js';
import { linesOf, namesIn } from './hdfs-texts.js';
import { COUNTS, KEPT_TOTALS, RECORDS, TOTALS } from './kept-totals-program.js';
import { WORD_COUNT } from './word-count-program.js';
import { type Command, getJson, YarnClient } from './yarn-client.js';

const WITHIN_MS = 60_000;
const SOON_MS = 5000;
const SLOW = '200';
const FAST = '1000000';

/** As scenario 13 has them. */
const STATE_IN_HDFS = {
  'state.backend': 'filesystem',
  'state.backend.fs.checkpointdir': 'hdfs:///checkpoints',
  'state.checkpoints.num-retained': '3',
  'state.savepoints.dir': 'hdfs:///savepoints',
};

/** Features 9.2, scenarios 13 to 15, and what YARN's proxy can do with jobs: on one session. */
describe('jobs of a session on YARN', function () {
  this.timeout(180_000);
  let testbed: Testbed;
  let client: YarnClient;
  let files: FileSystem;
  let totals: string;
  let applicationId: string;
  let outputs = 0;
  let out: string;

  before(async () => {
    testbed = await Testbed.start({ hdfs: {}, yarn: {} });
    files = hdfsOf(testbed);
    client = await YarnClient.of(testbed, STATE_IN_HDFS);
    totals = client.program('totals.ts', KEPT_TOTALS);
    const session = await client.run('yarn-session', '-n', '2', '-s', '3', '-d');
    expect(session.code, session.err).to.equal(0);
    applicationId = session.applicationId;
  });
  after(async () => {
    await client.close();
    await testbed.stop();
  });
  beforeEach(() => {
    out = `hdfs:///tmp/out-${++outputs}`;
  });

  async function rest<T>(path: string): Promise<T> {
    const { amRPCAddress = '' } = await client.resourceManager.report(applicationId);
    return await getJson<T>(`http://${amRPCAddress}${path}`);
  }

  /** Begins a slow job, and answers its id. */
  async function begun(...words: readonly string[]): Promise<string> {
    const run = await client.run('run', '-d', ...words);
    expect(run.code, run.err).to.equal(0);
    return /Job has been submitted with JobID ([0-9a-f]{32})/.exec(run.out)?.[1] ?? run.out;
  }

  async function checkpointed(jobId: string, times: number): Promise<void> {
    await poll(`${times} checkpoints`, WITHIN_MS, async () => {
      const { counts } = await rest<{ counts: { readonly completed: number } }>(`/jobs/${jobId}/checkpoints`);
      return counts.completed >= times;
    });
  }

  /** Goes on from a checkpoint or savepoint to the end, with the totals of a run that never stopped. */
  async function goesOn(from: string, ...words: readonly string[]): Promise<void> {
    const run = await client.run('run', '-s', from, ...words);
    expect(run.code, run.err).to.equal(0);
    expect(await linesOf(files, `${out}/totals`)).to.deep.equal(TOTALS);
    if (words.includes('counts')) expect(await linesOf(files, `${out}/counts`)).to.deep.equal(COUNTS);
    const read = Number(/- read \(.*\): (\d+)/.exec(run.out)?.[1]);
    expect(read).to.be.greaterThan(0).and.lessThan(RECORDS);
    await files.delete(out, { recursive: true });
  }

  it('keep their last checkpoints in HDFS when they are cancelled, and go on from one', async () => {
    const jobId = await begun('-p', '2', totals, out, SLOW);
    await checkpointed(jobId, 4);
    expect((await client.run('cancel', jobId)).code).to.equal(0);
    const root = `hdfs:///checkpoints/${jobId}`;
    // One that was being made is removed after the job has ended.
    const retained = await poll('three retained checkpoints', WITHIN_MS, async () => {
      const found = (await namesIn(files, root)).filter((name) => name.startsWith('chk-'));
      return found.length === 3 && found;
    });
    for (const name of retained) expect(await namesIn(files, `${root}/${name}`)).to.include('_metadata');
    const newest = retained.toSorted((a, b) => Number(a.slice(4)) - Number(b.slice(4))).at(-1) ?? '';
    await goesOn(`${root}/${newest}`, '-p', '2', totals, out, FAST);
  });

  it('go on from savepoints in HDFS at another parallelism, and without an operator only when that is said', async () => {
    const jobId = await begun('-p', '2', totals, out, SLOW, 'counts');
    await checkpointed(jobId, 2);
    const taken = await client.run('savepoint', jobId, 'hdfs:///sp');
    expect(taken.code, taken.err).to.equal(0);
    const first = /Savepoint completed\. Path: (hdfs:\S*\/sp\/savepoint-\S+)\n/.exec(taken.out)?.[1] ?? taken.out;
    const cancelled = await client.run('cancel', '-s', jobId);
    expect(cancelled.code, cancelled.err).to.equal(0);
    const second = /Savepoint stored in (hdfs:\S*\/savepoints\/savepoint-\S+)\.\n/.exec(cancelled.out)?.[1] ?? cancelled.out;

    for (const [path, parallelism] of [
      [first, '3'],
      [second, '5'],
    ] as const) {
      await goesOn(path, '-p', parallelism, totals, out, FAST, 'counts');
    }
    await refusedWithoutCounts(second);
    await goesOn(second, '-n', '-p', '2', totals, out, FAST);

    const disposed = await client.run('savepoint', '-d', first);
    expect(disposed.code, disposed.err).to.equal(0);
    expect(disposed.out).to.include(`Savepoint '${first}' disposed.`);
    expect(await namesIn(files, 'hdfs:///sp')).to.deep.equal([]);
    expect(await files.exists(`${second}/_metadata`)).to.equal(true);
  });

  async function refusedWithoutCounts(savepoint: string): Promise<void> {
    const { out: inspected } = await client.run('savepoint', 'inspect', savepoint, '--samples', '0');
    const { operators } = JSON.parse(inspected) as { operators: readonly { operatorId: string; uid?: string }[] };
    const { operatorId = '' } = operators.find(({ uid }) => uid === 'counts') ?? {};
    expect(operatorId).to.match(/^[0-9a-f]{32}$/);
    const run = await client.run('run', '-s', savepoint, '-p', '2', totals, out, FAST);
    expect(run.code).to.equal(1);
    expect(run.err).to.include(`Cannot map checkpoint/savepoint state for operator ${operatorId} to the new program`);
    expect(await files.exists(out)).to.equal(false);
  }

  it('are stopped and cancelled through the proxy of YARN, which forwards GET only', async () => {
    const { trackingUrl = '' } = await client.resourceManager.report(applicationId);
    const first = await begun('-p', '2', totals, out, SLOW);
    await checkpointed(first, 1);
    const { location } = (await httpJson(`${trackingUrl}jobs/${first}/yarn-stop`)) as { location: string };
    const savepoint = await poll('the savepoint', WITHIN_MS, async () => {
      const { operation } = (await httpJson(`${trackingUrl}${location.slice(1)}`)) as { operation: { location?: string } | null };
      return operation?.location;
    });
    expect(await rest(`/jobs/${first}`)).to.include({ state: 'FINISHED' });
    const second = await begun('-p', '2', '-s', savepoint, totals, out, SLOW);
    await checkpointed(second, 1);
    expect(await httpJson(`${trackingUrl}jobs/${second}/yarn-cancel`)).to.deep.equal({});
    await poll('the end of the job', WITHIN_MS, async () => (await rest<{ state: string }>(`/jobs/${second}`)).state === 'CANCELED');
  });

  describe('that cannot be', () => {
    const NOWHERE = 'hdfs:///nowhere/savepoint-1';
    const UNKNOWN = '0123456789abcdef0123456789abcdef';
    const UNPARSED = 'Cannot parse JobID from "abc". The expected format is [0-9a-fA-F]{32}, e.g. fd72014d4c864993a2e5a9287b4a9c5d.';
    const HINT = 'Use the help option (-h or --help) to get help on the command.';

    /** What is typed, the text that is told, and whether it is told on the standard output. */
    const CASES: readonly (readonly [string, readonly string[], string | RegExp, 'out' | 'err'])[] = [
      [
        'a job begun from no savepoint',
        ['run', '-s', NOWHERE, 'totals.ts', 'hdfs:///tmp/none', FAST],
        /Cannot find .*savepoint.*nowhere/,
        'err',
      ],
      ['no savepoint disposed of', ['savepoint', '-d', NOWHERE], /Cannot find .*savepoint.*nowhere/, 'err'],
      ['a job id too short to cancel', ['cancel', 'abc'], UNPARSED, 'out'],
      ['a job id too short to stop', ['stop', 'abc'], UNPARSED, 'out'],
      ['a job id too short for a savepoint', ['savepoint', 'abc', 'hdfs:///sp'], UNPARSED, 'out'],
      ['no job id to cancel', ['cancel'], 'Missing JobID. Specify a JobID to cancel a job.', 'out'],
      ['no job id for a savepoint', ['savepoint'], 'Missing JobID. Specify a Job ID to trigger a savepoint.', 'out'],
      ['no job id for a checkpoint', ['checkpoint'], 'Missing JobID. Specify a Job ID to manipulate a checkpoint.', 'out'],
      ['no job id to stop', ['stop'], 'Missing JobId', 'out'],
      ['a job that nobody knows', ['cancel', UNKNOWN], `Could not find Flink job (${UNKNOWN})`, 'err'],
      ['a class that is not there', ['run', '-c', 'Nowhere', 'idle.ts'], "the program's entry point class 'Nowhere' was not found", 'err'],
      [
        'a program without execute()',
        ['run', 'idle.ts'],
        "The program didn't contain a Flink job. Perhaps you forgot to call execute()",
        'err',
      ],
      ['no program', ['run'], 'The program JAR file was not specified', 'out'],
      ['a program that is not there', ['run', 'nofile.ts'], 'program file does not exist: nofile.ts', 'out'],
      ['a JAR file that is not there', ['run', 'nofile.jar'], 'JAR file does not exist: nofile.jar', 'out'],
      [
        'input that is not there',
        ['run', 'words.ts', '--input', 'hdfs:///nowhere', '--output', 'hdfs:///tmp/none'],
        /hdfs:.*\/nowhere/,
        'err',
      ],
    ];

    before(() => {
      client.program(
        'idle.ts',
        "import { StreamExecutionEnvironment } from 'flink-ts';\nStreamExecutionEnvironment.getExecutionEnvironment();\n",
      );
      client.program('words.ts', WORD_COUNT);
    });

    /** Runs a command that has to end within five seconds; a machine that is busy with something else gets more than one chance. */
    async function soon(...words: readonly string[]): Promise<Command & { readonly code: number | string }> {
      for (let chance = 1; ; chance++) {
        const startMs = performance.now();
        const command = await client.run(...words);
        const tookMs = performance.now() - startMs;
        if (tookMs < SOON_MS) return command;
        expect(chance, `${words.join(' ')} took ${tookMs} ms`).to.be.lessThan(3);
      }
    }

    for (const [what, words, text, stream] of CASES) {
      it(`say so: ${what}`, async () => {
        const command = await soon(...words);
        expect(command.code, command.out).to.equal(1);
        if (typeof text === 'string') expect(command[stream]).to.include(text);
        else expect(command[stream]).to.match(text);
        if (stream === 'out') expect(command.out).to.include(HINT);
        expect(command.out).not.to.match(/^\s+at /m);
        expect(command.err).not.to.match(/^\s+at \S+ \(?(node:|file:)/m);
      });
    }
  });
});
