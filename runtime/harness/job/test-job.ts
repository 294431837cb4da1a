import type { Clock, JobId } from '#core';
import { executorProvider, type ExecutorProvider, installExecutorProvider } from '#api';
import { RemoteError } from '../../control/serialized-error.js';
import { type JobState, TERMINAL_JOB_STATES } from '../../jobmanager/job-manager-gateway.js';
import { HarnessError } from '../operator-harness.js';
import { VirtualClock } from '../virtual-clock.js';
import type { RecordStore } from './committed-records.js';
import type { FaultInjector } from './fault-injector.js';
import type { HarnessCluster } from './harness-cluster.js';
import type { LiveProgram } from './live-program.js';

/** How a job under test ended. */
export interface JobRunResult<T> {
  readonly state: 'FINISHED' | 'CANCELED';
  /** Of the stream that was built: each exactly once, if the job's own sources and functions allow it. */
  readonly records: readonly T[];
  readonly accumulators: Readonly<Record<string, unknown>>;
  /** What went wrong on the way, the latest first. */
  readonly failures: readonly string[];
}

export interface TestJobParts<T> {
  readonly jobId: JobId;
  readonly cluster: HarnessCluster;
  readonly injector: FaultInjector;
  readonly store: RecordStore<T>;
  readonly program: LiveProgram;
  readonly clock: Clock;
}

/** Rounds of the event loop in which tasks do what has become due. */
const ROUNDS = 30;

/** A job that runs under the eyes of a test. */
export class TestJob<T> {
  readonly #parts: TestJobParts<T>;
  readonly #providerBefore: ExecutorProvider | undefined = executorProvider();
  #closing: Promise<void> | undefined;

  constructor(parts: TestJobParts<T>) {
    this.#parts = parts;
  }

  get jobId(): JobId {
    return this.#parts.jobId;
  }

  get state(): JobState {
    return this.#job.state;
  }

  /** Those of the collected stream that are committed: by a complete checkpoint, or the end of the job. */
  get records(): readonly T[] {
    return this.#parts.store.committed;
  }

  /** The failures so far, the latest first. */
  get failures(): readonly string[] {
    return this.#job.failures.map(({ error }) => error.message);
  }

  /** How many checkpoints are complete. */
  get completedCheckpoints(): number {
    return this.#gateway.checkpoints(this.jobId).status.counts.completed;
  }

  /** Waits for a condition, which is asked again and again. Throws when the job ends before. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (TERMINAL_JOB_STATES.includes(this.state)) {
        const action = 'Look at its failures, and at what the condition asks for.';
        throw new HarnessError(`the job is ${this.state} and the condition does not hold`, action, this.failures[0]);
      }
      await turn();
    }
  }

  /** Waits until all tasks run. */
  async running(): Promise<void> {
    await this.until(() => this.#job.subtasks.every(({ state }) => state === 'RUNNING'));
  }

  /** Takes a checkpoint; answers its number when it is complete. */
  async checkpoint(): Promise<number> {
    return await this.#gateway.triggerCheckpoint(this.jobId, { full: false });
  }

  /** Takes a savepoint; answers where it is. The job goes on. */
  async savepoint(directory: string): Promise<string> {
    return await this.#gateway.triggerSavepoint(this.jobId, { targetDirectory: directory });
  }

  /** The TaskManager is lost, with all tasks; another one takes its place. */
  killTaskManager(): void {
    this.#parts.cluster.kill('the test let it be lost', this.#parts.injector);
  }

  /**
   * Lets virtual time go on by so many ms, in steps: within a step, what is due by processing time is done at its end. By default in a
   * hundred steps.
   */
  async advanceTime(ms: number, stepMs = Math.max(1, ms / 100)): Promise<void> {
    const { clock } = this.#parts;
    if (!(clock instanceof VirtualClock)) {
      throw new HarnessError('the time of the machine cannot be advanced', 'Start the job with "clock: \'virtual\'".');
    }
    const endMs = clock.now() + ms;
    while (clock.now() < endMs) {
      clock.goTo(Math.min(endMs, clock.now() + stepMs));
      await this.#settle();
    }
  }

  async cancel(): Promise<void> {
    await this.#gateway.cancelJob(this.jobId);
  }

  /** Waits for the end of the job, and closes everything. Throws what it failed with. */
  async result(): Promise<JobRunResult<T>> {
    try {
      const { state, accumulators, failure } = await this.#gateway.jobResult(this.jobId);
      const { failures } = this;
      if (failure !== undefined) throw new RemoteError(failure);
      if (state === 'FAILED') throw new HarnessError('the job failed', 'Look at its failures.', failures[0]);
      return { state, records: this.records, accumulators, failures };
    } finally {
      await this.close();
    }
  }

  /** Ends the job, however it stands, and everything of it. */
  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  get #gateway(): HarnessCluster['jobManager'] {
    return this.#parts.cluster.jobManager;
  }

  get #job(): ReturnType<HarnessCluster['jobManager']['job']> {
    return this.#gateway.job(this.jobId);
  }

  async #settle(): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) {
      if (round % 10 === 0) this.#parts.cluster.ring();
      await turn();
    }
  }

  async #close(): Promise<void> {
    const { cluster, program } = this.#parts;
    await cluster.stop();
    program.forget();
    installExecutorProvider(this.#providerBefore);
  }
}

async function turn(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
