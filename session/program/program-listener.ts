import type { JobId } from '#core';
import type { JobExecutionResult } from '#api';
import type { ClusterClient } from '../client/cluster-client.js';

/** A job that a program has started. */
export interface StartedJob {
  readonly jobId: JobId;
  readonly name: string;
  readonly client: ClusterClient;
}

/** Told what a program does, for those who show it. */
export interface ProgramListener {
  jobSubmitted?(job: StartedJob): void;
  /** Not called for jobs that failed, were cancelled, or run detached. */
  jobFinished?(job: StartedJob, result: JobExecutionResult): void;
}
