import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToSuccess } from './child.js';
import { freePorts } from './free-ports.js';
import type { Measurement } from './measurement.js';
import { inPackage } from './package-root.js';
import { isAlive, processUsage } from './process-usage.js';
import { getJson, postJson } from './rest.js';
import { until } from './until.js';

const START_MS = 30_000;
const STOP_MS = 15_000;
const SLOTS = 2;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface ClusterOptions {
  /** Values of the configuration beside those that make the cluster stand by itself. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface JobRun {
  readonly name: string;
  /** The program, a path in the checkout. */
  readonly program: string;
  readonly args: readonly string[];
  readonly parallelism: number;
  readonly records: number;
}

interface JobsOverview {
  readonly jobs: readonly { readonly 'start-time': number; readonly duration: number }[];
}

/** A JobManager and a TaskManager with two slots, as processes of their own on free ports, in a directory of their own. */
export class StandaloneCluster {
  readonly taskManagerPid: number;
  readonly jobManagerPid: number;
  readonly #directory: string;
  readonly #restPort: number;
  readonly #detached: string[] = [];
  /** A bench that is interrupted leaves no cluster. */
  readonly #end = (): void => {
    for (const pid of [this.taskManagerPid, this.jobManagerPid]) process.kill(pid, 'SIGTERM');
    rmSync(this.#directory, { recursive: true, force: true });
    process.exit(1);
  };

  private constructor(directory: string, restPort: number, pids: readonly [jobManager: number, taskManager: number]) {
    this.#directory = directory;
    this.#restPort = restPort;
    [this.jobManagerPid, this.taskManagerPid] = pids;
    for (const signal of SIGNALS) process.once(signal, this.#end);
  }

  /** Ready when both slots are registered. */
  static async start({ settings = {} }: ClusterOptions = {}): Promise<StandaloneCluster> {
    const [restPort = 0, rpcPort = 0] = await freePorts(2);
    const directory = mkdtempSync(join(tmpdir(), 'flink-ts-bench-'));
    writeConfiguration(directory, {
      'jobmanager.rpc.address': 'localhost',
      'jobmanager.rpc.port': `${rpcPort}`,
      'jobmanager.bind-host': 'localhost',
      'taskmanager.bind-host': 'localhost',
      'taskmanager.numberOfTaskSlots': `${SLOTS}`,
      'rest.bind-address': 'localhost',
      'rest.port': `${restPort}`,
      ...settings,
    });
    try {
      for (const script of ['jobmanager.sh', 'taskmanager.sh']) await runScript(directory, script, 'start');
      await until('the start of the cluster', START_MS, async () => {
        const overview = await getJson<Readonly<Record<string, number>>>(`http://localhost:${restPort}/overview`);
        return overview?.['slots-total'] === SLOTS ? true : undefined;
      });
      return new StandaloneCluster(directory, restPort, [pidOf(directory, 'jobmanager'), pidOf(directory, 'taskmanager')]);
    } catch (error) {
      await runStopScripts(directory);
      throw error;
    }
  }

  /** Runs a program to its end and measures what its job took. */
  async run({ name, program, args, parallelism, records }: JobRun): Promise<Measurement> {
    const before = processUsage(this.taskManagerPid);
    const command = ['run', '-q', '-m', `localhost:${this.#restPort}`, '-p', `${parallelism}`, inPackage(program), ...args];
    await runToSuccess(inPackage('bin', 'flink-ts'), command);
    const after = processUsage(this.taskManagerPid);
    return {
      engine: 'flink-ts',
      job: name,
      records,
      netSeconds: (await this.#lastJobMs()) / 1000,
      cpuSeconds: (after?.cpuSeconds ?? Number.NaN) - (before?.cpuSeconds ?? 0),
      rssMb: after?.rssMb ?? Number.NaN,
    };
  }

  /** Starts a program's job; answers its id when it is submitted. */
  async startDetached(program: string, parallelism: number, args: readonly string[] = []): Promise<string> {
    const command = ['run', '-d', '-m', `localhost:${this.#restPort}`, '-p', `${parallelism}`, inPackage(program), ...args];
    const { stdout } = await runToSuccess(inPackage('bin', 'flink-ts'), command);
    const [jobId] = /\b[0-9a-f]{32}\b/.exec(stdout) ?? [];
    if (jobId === undefined) throw new Error(`no job id in what was printed:\n${stdout}`);
    this.#detached.push(jobId);
    return jobId;
  }

  /** What the JobManager answers; undefined when it does not, or not with success. */
  async get<T>(path: string): Promise<T | undefined> {
    return await getJson<T>(`http://localhost:${this.#restPort}${path}`);
  }

  async post(path: string): Promise<void> {
    await postJson(`http://localhost:${this.#restPort}${path}`);
  }

  /** Cancels the jobs that were started detached. */
  async cancelDetached(): Promise<void> {
    for (const jobId of this.#detached.splice(0)) {
      await runToSuccess(inPackage('bin', 'flink-ts'), ['cancel', '-m', `localhost:${this.#restPort}`, jobId]);
    }
  }

  /** Stops both processes, waits for their end, and removes what they wrote. */
  async stop(): Promise<void> {
    for (const signal of SIGNALS) process.off(signal, this.#end);
    await runStopScripts(this.#directory);
    await until('the end of the cluster', STOP_MS, () => (isAlive(this.jobManagerPid) || isAlive(this.taskManagerPid) ? undefined : true));
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #lastJobMs(): Promise<number> {
    const overview = await getJson<JobsOverview>(`http://localhost:${this.#restPort}/jobs/overview`);
    const last = overview?.jobs.toSorted((a, b) => b['start-time'] - a['start-time'])[0];
    return last?.duration ?? Number.NaN;
  }
}

function writeConfiguration(directory: string, settings: Readonly<Record<string, string>>): void {
  for (const part of ['conf', 'log', 'pid', 'tmp']) mkdirSync(join(directory, part));
  for (const file of readdirSync(inPackage('conf')).filter((name) => /^(log4j|logback)/.test(name))) {
    copyFileSync(inPackage('conf', file), join(directory, 'conf', file));
  }
  const all = { 'io.tmp.dirs': join(directory, 'tmp'), ...settings };
  writeFileSync(
    join(directory, 'conf', 'flink-conf.yaml'),
    Object.entries(all)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(''),
  );
}

async function runScript(directory: string, script: string, ...args: readonly string[]): Promise<void> {
  const env = {
    ...process.env,
    FLINK_CONF_DIR: join(directory, 'conf'),
    FLINK_LOG_DIR: join(directory, 'log'),
    FLINK_PID_DIR: join(directory, 'pid'),
  };
  await runToSuccess(inPackage('bin', script), args, { env });
}

async function runStopScripts(directory: string): Promise<void> {
  for (const script of ['taskmanager.sh', 'jobmanager.sh']) await runScript(directory, script, 'stop');
}

/** The process that a script has started, from the file it left. */
function pidOf(directory: string, kind: string): number {
  const file = readdirSync(join(directory, 'pid')).find((name) => name.includes(kind));
  if (file === undefined) throw new Error(`the ${kind} left no pid file`);
  return Number(
    readFileSync(join(directory, 'pid', file), 'utf8')
      .trim()
      .split(/\s+/)
      .at(-1),
  );
}
