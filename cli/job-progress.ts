import { type JobState, TERMINAL_JOB_STATES } from '#runtime';
import type { ProgramListener, StartedJob } from '#session';
import type { JobExecutionResult } from '#api';
import { formatStamp, formatValue, typeName } from './format.js';
import type { Terminal } from './terminal.js';

/** How often a long job is said to go on, ms. */
const PROGRESS_EVERY_MS = 10_000;

export interface JobProgressOptions {
  readonly terminal: Terminal;
  /** Neither changes of state nor progress are told. */
  readonly quiet: boolean;
  /** Whether the jobs are followed until they end. */
  readonly follow: boolean;
}

/** Tells what becomes of the jobs of a program, in the words of Flink's client. */
export class JobProgress implements ProgramListener {
  readonly #options: JobProgressOptions;
  readonly #followed = new Map<StartedJob, Promise<void>>();
  readonly #endings: Promise<void>[] = [];
  readonly #running = new Set<StartedJob>();

  constructor(options: JobProgressOptions) {
    this.#options = options;
  }

  jobSubmitted(job: StartedJob): void {
    this.#options.terminal.print(`Job has been submitted with JobID ${job.jobId}`);
    this.#running.add(job);
    if (this.#options.follow && !this.#options.quiet) this.#followed.set(job, this.#follow(job));
  }

  jobFinished(job: StartedJob, result: JobExecutionResult): void {
    this.#running.delete(job);
    this.#endings.push(this.#tellEnd(job, result));
  }

  /** Ends when everything has been told. */
  async told(): Promise<void> {
    await Promise.all([...this.#followed.values(), ...this.#endings]);
  }

  /** The client ends before the jobs do. */
  interrupted(jobsGoOn: boolean): void {
    for (const { jobId, client } of this.#running) {
      const what = jobsGoOn
        ? `keeps running on ${client.address}; end it with "flink-ts cancel -m ${client.address} ${jobId}"`
        : 'is cancelled';
      this.#options.terminal.printError(`Job ${jobId} ${what}.`);
    }
  }

  async #tellEnd(job: StartedJob, result: JobExecutionResult): Promise<void> {
    await this.#followed.get(job);
    const { terminal } = this.#options;
    terminal.print('Program execution finished');
    terminal.print(`Job with JobID ${job.jobId} has finished.`);
    terminal.print(`Job Runtime: ${Math.round(result.netRuntimeMs)} ms`);
    const accumulators = Object.entries(result.accumulators);
    if (accumulators.length === 0) return;
    terminal.print('Accumulator Results: ');
    for (const [name, value] of accumulators) terminal.print(`- ${name} (${typeName(value)}): ${formatValue(value)}`);
  }

  async #follow(job: StartedJob): Promise<void> {
    let known: JobState | undefined;
    let toldMs = Date.now();
    try {
      while (known === undefined || !TERMINAL_JOB_STATES.includes(known)) {
        const state = await job.client.jobState(job.jobId, known);
        if (state !== known) this.#tell(`Job execution switched to status ${state}.`);
        else if (Date.now() - toldMs >= PROGRESS_EVERY_MS) this.#tell(await tasksOf(job));
        else continue;
        known = state;
        toldMs = Date.now();
      }
    } catch {
      // Whoever waits for the result of the job is told the same.
    }
  }

  #tell(text: string): void {
    this.#options.terminal.print(`${formatStamp(Date.now())}\t${text}`);
  }
}

async function tasksOf({ client, jobId }: StartedJob): Promise<string> {
  const { tasks } = await client.job(jobId);
  return `${tasks.running} of ${tasks.total} tasks running, ${tasks.finished} finished.`;
}
