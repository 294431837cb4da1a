import { FlinkError } from '#core';
import type { SerializedError } from '../../control/serialized-error.js';
import type { RestartStrategy } from './restart-strategy.js';

/** A job is not started again. */
export class RecoverySuppressedError extends FlinkError {
  constructor(
    readonly strategy: string,
    cause: Error,
  ) {
    super({
      code: 'RECOVERY_SUPPRESSED',
      message: `Recovery is suppressed by ${strategy}`,
      action: 'See the cause for what went wrong; "restart-strategy" says how often a job is started again.',
      blame: 'user',
      cause,
    });
  }
}

/** What another attempt would run into again: the program, its state or its settings are not right. */
const LASTING: ReadonlySet<string | undefined> = new Set([
  'PROGRAM_CHANGED',
  'PROGRAM_LOAD_FAILED',
  'JOB_NOT_REPLAYED',
  'REPLAY_DIFFERS',
  'STATE_MIGRATION',
  'UNCLAIMED_STATE',
  'MAX_PARALLELISM_CHANGED',
  'PARALLELISM_ABOVE_SAVED_MAXIMUM',
  'CHECKPOINT_NOT_FOUND',
  'UNREADABLE_METADATA',
  'NO_READABLE_CHECKPOINT',
]);

/** Whether the failure, or what caused it, would be there in every attempt. */
export function isLasting(error: SerializedError | undefined): boolean {
  return error !== undefined && (LASTING.has(error.code) || isLasting(error.cause));
}

/** What follows a failure. */
export type RestartDecision = { readonly restart: true; readonly delayMs: number } | { readonly restart: false };

/** To be asked once for each failure of an attempt. */
export function decideRestart(strategy: RestartStrategy, failure: SerializedError | undefined): RestartDecision {
  strategy.failed();
  if (isLasting(failure) || !strategy.canRestart) return { restart: false };
  return { restart: true, delayMs: strategy.backoffMs };
}
