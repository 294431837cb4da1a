import { InvalidProgramError } from '../errors.js';
import { type Duration, durationOf } from '../time/duration.js';

/** Which access renews the life of a state. */
export type TtlUpdateType = 'OnCreateAndWrite' | 'OnReadAndWrite' | 'Disabled';

/** Whether a value whose time is over but that is still there may be read. */
export type TtlVisibility = 'NeverReturnExpired' | 'ReturnExpiredIfNotCleanedUp';

/**
 * After how long without renewal, in processing time, a state is forgotten. What has expired is removed when it is read, and left out of
 * full snapshots. Elements of lists and entries of maps expire one by one.
 *
 * @example new ValueStateDescriptor<number>('last').enableTimeToLive(new StateTtl('1 h'))
 */
export class StateTtl {
  readonly ttlMs: number;

  constructor(
    ttl: Duration,
    readonly updateType: TtlUpdateType = 'OnCreateAndWrite',
    readonly visibility: TtlVisibility = 'NeverReturnExpired',
  ) {
    this.ttlMs = durationOf(ttl);
    if (this.ttlMs > 0) return;
    throw new InvalidProgramError(`the time to live of a state is ${this.ttlMs} ms`, 'Set a time to live above 0.');
  }
}
