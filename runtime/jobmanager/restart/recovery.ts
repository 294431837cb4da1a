import type { SerializedError } from '../../control/serialized-error.js';
import type { RestartStrategy } from './restart-strategy.js';

/** What another attempt would run into again: the program, its state or its settings are not right. */
const LASTING: ReadonlySet<string | undefined> = new Set([
  'REPLAY_ENDED',
  'REPLAY_FAILED',
  'REPLAY_MISMATCH',
  'STATE_MIGRATION',
  'DUPLICATE_STATE',
  'INVALID_STATE_MODE',
  'KEYED_STATE_UNAVAILABLE',
  'SNAPSHOT_OF_OTHER_BACKEND',
  'UNCLAIMED_STATE',
  'UNCLAIMED_IN_FLIGHT_DATA',
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
