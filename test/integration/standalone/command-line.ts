import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { poll } from '../../testbed/poll.js';

/** Until a JobManager answers what a test waits for. */
const LONGEST_WAIT_MS = 120_000;
const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** How a process ended, and what it wrote. */
export interface Finished {
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly out: string;
  readonly err: string;
}

/** A process that a test started. */
export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Waits until its standard output has this text. */
  wrote(text: string): Promise<void>;
}

/** An installation as a test sets it up: a conf directory of its own, ports of its own, pid and log files in the test's directory. */
export class Installation {
  readonly restPort: number;
  readonly directory: string;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(directory: string, restPort: number, environment?: NodeJS.ProcessEnv) {
    this.directory = directory;
    this.restPort = restPort;
    this.#environment = environment ?? {
      ...process.env,
      FLINK_CONF_DIR: join(directory, 'conf'),
      FLINK_PID_DIR: join(directory, 'pid'),
      FLINK_LOG_DIR: join(directory, 'log'),
      FLINK_IDENT_STRING: 'test',
    };
  }

  /** Makes the conf directory; `settings` are added to what keeps clusters of different tests apart. */
  static async create(directory: string, settings: Readonly<Record<string, string>> = {}, workers = 1): Promise<Installation> {
    const [restPort, rpcPort] = await Promise.all([freePort(), freePort()]);
    const all = {
      'rest.port': String(restPort),
      'jobmanager.rpc.port': String(rpcPort),
      'rest.bind-address': 'localhost',
      'jobmanager.bind-host': 'localhost',
      'taskmanager.bind-host': 'localhost',
      'taskmanager.tmp.dirs': join(directory, 'tmp'),
      'blob.storage.directory': join(directory, 'tmp'),
      'web.tmpdir': join(directory, 'tmp'),
      ...settings,
    };
    for (const name of ['conf', 'tmp']) mkdirSync(join(directory, name), { recursive: true });
    const lines = Object.entries(all).map(([key, value]) => `${key}: ${value}\n`);
    writeFileSync(join(directory, 'conf', 'flink-conf.yaml'), lines.join(''));
    writeFileSync(join(directory, 'conf', 'slaves'), 'localhost\n'.repeat(workers));
    for (const name of ['log4j.properties', 'log4j-console.properties']) {
      writeFileSync(join(directory, 'conf', name), readFileSync(join(ROOT, 'conf', name)));
    }
    return new Installation(directory, restPort);
  }

  /** The same installation, with one more directory in which programs are looked for first. */
  withPath(directory: string): Installation {
    const environment = { ...this.#environment, PATH: `${directory}${delimiter}${process.env['PATH'] ?? ''}` };
    return new Installation(this.directory, this.restPort, environment);
  }

  get address(): string {
    return `localhost:${this.restPort}`;
  }

  /** Starts a file of `bin/`, in the test's directory. */
  start(script: string, ...args: string[]): Running {
    const child = spawn(resolve(ROOT, 'bin', script), args, {
      cwd: this.directory,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return observe(child);
  }

  async run(script: string, ...args: string[]): Promise<Finished> {
    return await this.start(script, ...args).finished;
  }

  async flink(...args: string[]): Promise<Finished> {
    return await this.run('flink-ts', ...args);
  }

  /** Runs a program by node itself. */
  async node(program: string): Promise<Finished> {
    const child = spawn(process.execPath, [program], { cwd: this.directory, env: this.#environment, stdio: ['ignore', 'pipe', 'pipe'] });
    return await observe(child).finished;
  }

  /** Writes a program that imports `flink-ts`, and answers its path. */
  program(name: string, text: string): string {
    const path = join(this.directory, name);
    writeFileSync(path, text);
    return path;
  }

  /** The ids in a pid file, in the order in which the processes were started. */
  pids(daemon: 'jobmanager' | 'taskmanager'): readonly number[] {
    try {
      const text = readFileSync(join(this.directory, 'pid', `flink-test-${daemon}.pid`), 'utf8');
      return text.trim().split('\n').map(Number);
    } catch {
      return [];
    }
  }

  log(daemon: 'jobmanager' | 'taskmanager', number: number, hostName: string, ending: 'log' | 'out' = 'log'): string {
    return readFileSync(join(this.directory, 'log', `flink-test-${daemon}-${number}-${hostName}.${ending}`), 'utf8');
  }

  async rest<T>(path: string): Promise<T> {
    const response = await fetch(`http://${this.address}${path}`);
    return (await response.json()) as T;
  }

  /** Asks until the answer is as the test wants it. */
  async restUntil<T>(path: string, holds: (answer: T) => boolean): Promise<T> {
    const ask = async (): Promise<{ readonly answer: T } | undefined> => {
      const answer = await this.rest<T>(path);
      return holds(answer) ? { answer } : undefined;
    };
    return (await poll(`the answer of ${path}`, LONGEST_WAIT_MS, ask)).answer;
  }
}

/** Whether a process is there, and has not only been left over by a parent that does not ask for its end. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
  } catch {
    return !existsSync('/proc/self');
  }
}

function observe(child: ChildProcess): Running {
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ code: code ?? undefined, signal: signal ?? undefined, out, err });
    });
  });
  const wrote = async (text: string): Promise<void> => {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (out.includes(text)) resolve();
      };
      child.stdout?.on('data', look);
      child.once('close', () => {
        reject(new Error(`ended without writing "${text}": ${out}${err}`));
      });
      look();
    });
  };
  return { child, finished, wrote };
}

async function freePort(): Promise<number> {
  return await new Promise((resolve) => {
    const server = createServer().listen(0, 'localhost', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  });
}
