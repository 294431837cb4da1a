import { FlinkError, type JobId } from '#core';

/** A job of the JobManager that led before this one: it ended with that. */
export interface LostJob {
  readonly jobId: JobId;
  readonly name: string;
}

const WHY = 'lost with the JobManager before this one, since "high-availability" is off';

/** The one line in which lost jobs are told; undefined when there are none. */
export function describeLostJobs(jobs: readonly LostJob[]): string | undefined {
  if (jobs.length === 0) return undefined;
  return `${WHY}: ${jobs.map(described).join(', ')}`;
}

/** Something is asked of a job that is lost. */
export class JobLostError extends FlinkError {
  readonly jobId: JobId;

  constructor(job: LostJob) {
    super({
      code: 'JOB_LOST',
      message: `job ${described(job)} was ${WHY}`,
      action: 'Run the program again; from a checkpoint that was retained, or a savepoint, with "run -s <path>".',
      blame: 'external',
    });
    this.jobId = job.jobId;
  }
}

function described({ jobId, name }: LostJob): string {
  return `"${name}" (${jobId})`;
}
