import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GivenUpError, poll } from './poll.js';
import { DAEMON_VARIABLE, isAlive, processesWith, signal } from './processes.js';

/** How a daemon is started. Plain data, kept in the testbed's directory. */
export interface DaemonPlan {
  /** `namenode-1`. */
  readonly name: string;
  /** The service it belongs to: `hdfs`. */
  readonly service: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const STOP_MS = 15_000;
const KILL_MS = 10_000;
const LINES_SHOWN = 15;

/** A process of the testbed. Every call that ends it waits until it is gone, so that its ports are free for the next. */
export class Daemon {
  constructor(
    readonly plan: DaemonPlan,
    private readonly home: string,
  ) {}

  get name(): string {
    return this.plan.name;
  }

  get logFile(): string {
    return join(this.home, 'logs', `${this.name}.log`);
  }

  /** Undefined when it does not run. */
  get pid(): number | undefined {
    const file = this.#pidFile;
    if (!existsSync(file)) return undefined;
    const pid = Number(readFileSync(file, 'utf8'));
    return isAlive(pid) && this.#isOurs(pid) ? pid : undefined;
  }

  /** The value of a setting that this daemon alone was given: `dfs.datanode.http.address`. */
  setting(key: string): string | undefined {
    return this.plan.args.find((argument) => argument.startsWith(`${key}=`))?.slice(key.length + 1);
  }

  /** Starts the process; whether it serves is asked elsewhere. */
  start(): void {
    if (this.pid !== undefined) throw new Error(`${this.name} runs already`);
    const log = openSync(this.logFile, 'a');
    try {
      const environment = { ...process.env, ...this.plan.environment, [DAEMON_VARIABLE]: this.#mark };
      const options = { cwd: this.home, env: environment, detached: true, stdio: ['ignore', log, log] as ['ignore', number, number] };
      const child = spawn(this.plan.command, this.plan.args, options);
      child.on('error', () => undefined);
      child.unref();
      if (child.pid === undefined) throw new Error(`${this.name} could not be started: no "${this.plan.command}"`);
      writeFileSync(this.#pidFile, String(child.pid));
    } finally {
      closeSync(log);
    }
  }

  /** Asks it to end; kills it when it does not. */
  async stop(): Promise<void> {
    const { pid } = this;
    if (pid === undefined) return;
    signal(pid, 'SIGTERM');
    await this.#gone(pid, STOP_MS).catch(() => this.kill());
    rmSync(this.#pidFile, { force: true });
  }

  async kill(): Promise<void> {
    const { pid } = this;
    if (pid === undefined) return;
    signal(pid, 'SIGKILL');
    await this.#gone(pid, KILL_MS);
    rmSync(this.#pidFile, { force: true });
  }

  async restart(): Promise<void> {
    await this.stop();
    this.start();
  }

  /** Holds it (`SIGSTOP`): it keeps its connections but answers nothing until it goes on (`SIGCONT`). */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    if (this.pid !== undefined) signal(this.pid, name);
  }

  /** Throws, with the end of its log, when it does not run. */
  assertRuns(): void {
    if (this.pid !== undefined) return;
    const lines = existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8').trimEnd().split('\n') : [];
    throw new GivenUpError(`${this.name} ended; the end of ${this.logFile}:\n${lines.slice(-LINES_SHOWN).join('\n')}`);
  }

  get #pidFile(): string {
    return join(this.home, 'run', `${this.name}.pid`);
  }

  get #mark(): string {
    return `${this.home}/${this.name}`;
  }

  /** A number from the file of a daemon that died long ago may be another process's now. */
  #isOurs(pid: number): boolean {
    return !existsSync('/proc') || processesWith((assignment) => assignment === `${DAEMON_VARIABLE}=${this.#mark}`, [pid]).length > 0;
  }

  async #gone(pid: number, timeoutMs: number): Promise<void> {
    await poll(`end of ${this.name}`, timeoutMs, () => !isAlive(pid) || !this.#isOurs(pid));
  }
}
