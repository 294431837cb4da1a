import { type Clock, FlinkError, type Logger } from '#core';
import type { ApplicationStatus, SchedulerClient } from '../rpc/scheduler-client.js';

export interface ApplicationEnd {
  readonly status: ApplicationStatus;
  readonly diagnostics: string;
  readonly trackingUrl: string;
}

const RETRY_MS = 100;
const WITHIN_MS = 9000;

/** Tells the ResourceManager how the application ended, until it has noted it: else it counts as failed. Answers whether it has. */
export async function unregister(
  client: Pick<SchedulerClient, 'finish'>,
  { status, diagnostics, trackingUrl }: ApplicationEnd,
  clock: Clock,
  logger: Logger,
): Promise<boolean> {
  const beganMs = clock.monotonicMs();
  let reason = 'it does not confirm';
  while (clock.monotonicMs() - beganMs < WITHIN_MS) {
    try {
      if (await client.finish(status, diagnostics, trackingUrl)) {
        logger.info('unregistered from the ResourceManager', { finalStatus: status });
        return true;
      }
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      if (!(error instanceof FlinkError) || !error.retriable) break;
    }
    await new Promise<void>((resolve) => {
      clock.setTimer(RETRY_MS, resolve);
    });
  }
  logger.error('could not unregister from the ResourceManager', { finalStatus: status, reason });
  return false;
}
