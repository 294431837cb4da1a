import { FlinkError, type JobId } from '#core';
import { RemoteError, type SerializedError } from '#runtime';

/** Nothing answers at the address of the cluster. */
export class ClusterUnreachableError extends FlinkError {
  constructor(
    readonly address: string,
    reason: string,
    cause?: unknown,
  ) {
    super({
      code: 'CLUSTER_UNREACHABLE',
      message: `no JobManager answers at ${address}: ${reason}`,
      action: 'Start a cluster with "bin/start-cluster.sh", or give its REST address with "-m host:port".',
      blame: 'external',
      retriable: true,
      cause,
    });
  }
}

/** The JobManager that a client was connected to is gone. */
export class JobManagerLostError extends FlinkError {
  constructor(
    readonly address: string,
    readonly jobId: JobId | undefined,
    reason: string,
    cause?: unknown,
  ) {
    super({
      code: 'JOB_MANAGER_LOST',
      message: `lost the JobManager at ${address}${jobId === undefined ? '' : ` while job ${jobId} was running`}: ${reason}`,
      action: 'Look at the log of the JobManager; without high availability its jobs are gone with it, and must be submitted again.',
      blame: 'external',
      cause,
    });
  }
}

/** Something answers at the address, but not as a JobManager does. */
export class UnexpectedResponseError extends FlinkError {
  constructor(
    readonly address: string,
    readonly path: string,
    problem: string,
    cause?: unknown,
  ) {
    super({
      code: 'UNEXPECTED_RESPONSE',
      message: `${address}${path} answered ${problem}`,
      action: 'Check that the address is the REST address of a JobManager of this version of flink-ts.',
      blame: 'external',
      cause,
    });
  }
}

/** A job has ended without success. Its cause is the error that made it fail. */
export class JobFailedError extends FlinkError {
  constructor(
    readonly jobId: JobId,
    readonly failure: SerializedError | undefined,
  ) {
    super({
      code: 'JOB_FAILED',
      message: `Job failed (JobID: ${jobId})`,
      action: failure?.action ?? 'See the cause for what went wrong in the program.',
      blame: failure?.blame ?? 'user',
      cause: failure === undefined ? undefined : new RemoteError(failure),
    });
  }
}

/** A job was cancelled while a client waited for its result. */
export class JobCancelledError extends FlinkError {
  constructor(readonly jobId: JobId) {
    super({
      code: 'JOB_CANCELLED',
      message: `Job was cancelled (JobID: ${jobId})`,
      action: 'Submit the program again to run it anew.',
      blame: 'user',
    });
  }
}
