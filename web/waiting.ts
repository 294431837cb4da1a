import type { JobId } from '#core';
import { type JobResult, type JobState, TERMINAL_JOB_STATES } from '#runtime';
import type { RestContext } from './rest-context.js';

/** How often a job is looked at while a client waits for its state to change. */
const LOOK_EVERY_MS = 50;

/** The result of a job, when it has ended within `waitMs`. */
export async function waitForResult({ gateway, clock }: RestContext, jobId: JobId, waitMs: number): Promise<JobResult | undefined> {
  const ended = TERMINAL_JOB_STATES.includes(gateway.job(jobId).state);
  if (!ended && waitMs === 0) return undefined;
  return await new Promise<JobResult | undefined>((resolve, reject) => {
    const timer = ended
      ? undefined
      : clock.setTimer(waitMs, () => {
          resolve(undefined);
        });
    gateway
      .jobResult(jobId)
      .then(resolve, reject)
      .finally(() => timer?.cancel());
  });
}

/** The state of a job; held back while it is `unlike`, for at most `waitMs`. */
export async function waitForStateUnlike(
  { gateway, clock }: RestContext,
  jobId: JobId,
  unlike: string | undefined,
  waitMs: number,
): Promise<JobState> {
  const until = clock.monotonicMs() + waitMs;
  return await new Promise<JobState>((resolve, reject) => {
    const look = (): void => {
      try {
        const { state } = gateway.job(jobId);
        if (state !== unlike || clock.monotonicMs() >= until) resolve(state);
        else clock.setTimer(LOOK_EVERY_MS, look);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    look();
  });
}
