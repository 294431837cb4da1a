import { type JobState, TERMINAL_JOB_STATES } from '#runtime';
import type { JobSummary, ProgramListener, StartedJob } from '#session';
import type { JobExecutionResult } from '#api';
import { formatStamp, formatValue, typeName } from './format.js';
import type { TerminalOutput } from './terminal.js';

/** How often a long job is said to go on, ms. */
const PROGRESS_EVERY_MS = 10_000;

/** The state in which a job may be waiting for something that people can give it. */
const WAITING: JobState = 'CREATED';

export interface JobProgressOptions {
  readonly terminal: TerminalOutput;
  /** Nothing is told but the id of a detached job: on the standard output there is only what the program writes. */
  readonly quiet: boolean;
  /** The client ends when the jobs are submitted; their ids are all it has to show. */
  readonly detached: boolean;
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
    const { terminal, quiet, detached, follow } = this.#options;
    if (!quiet || detached) terminal.print(`Job has been submitted with JobID ${job.jobId}`);
    this.#running.add(job);
    if (follow && !quiet) this.#followed.set(job, this.#follow(job));
  }

  jobFinished(job: StartedJob, result: JobExecutionResult): void {
    this.#running.delete(job);
    if (!this.#options.quiet) this.#endings.push(this.#tellEnd(job, result));
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
    let notice: string | undefined;
    let toldMs = Date.now();
    const tell = (text: string): void => {
      this.#options.terminal.print(`${formatStamp(Date.now())}\t${text}`);
      toldMs = Date.now();
    };
    try {
      while (known === undefined || !TERMINAL_JOB_STATES.includes(known)) {
        const state = await job.client.jobState(job.jobId, known);
        if (state !== known) tell(`Job execution switched to status ${state}.`);
        known = state;
        const due = Date.now() - toldMs >= PROGRESS_EVERY_MS;
        if (!due && state !== WAITING) continue;
        const summary = await job.client.job(job.jobId);
        if (due || (summary.notice !== undefined && summary.notice !== notice)) tell(summary.notice ?? tasksOf(summary));
        notice = summary.notice;
      }
    } catch {
      // Whoever waits for the result of the job is told the same.
    }
  }
}

function tasksOf({ tasks }: JobSummary): string {
  return `${tasks.running} of ${tasks.total} tasks running, ${tasks.finished} finished.`;
}
