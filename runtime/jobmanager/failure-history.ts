import type { Clock } from '#core';
import { serializeError } from '../control/serialized-error.js';
import type { SerializedError } from '../control/serialized-error.js';
import type { FailureEntry } from './job-manager-gateway.js';

/** Failures that only say that another part of the job has gone; codes of runtime/exchange. */
const CONSEQUENCES: ReadonlySet<string | undefined> = new Set(['CONNECTION_LOST', 'PRODUCER_NOT_DEPLOYED']);

/** How many failures of a job are kept. */
const KEPT = 64;

/** Where a failure happened, as far as it is known. */
export type FailurePlace = Pick<FailureEntry, 'taskName' | 'taskManagerId' | 'location'>;

export const NOWHERE: FailurePlace = { taskName: undefined, taskManagerId: undefined, location: undefined };

/**
 * Everything that went wrong in a job. The first failure of an attempt is its cause, later ones are noise; except that a failure which only
 * tells of a lost connection gives way to the one that tells why.
 */
export class FailureHistory {
  #root: FailureEntry | undefined;
  #others: FailureEntry[] = [];

  constructor(private readonly clock: Clock) {}

  /** Why the present attempt failed. */
  get root(): SerializedError | undefined {
    return this.#root?.error;
  }

  /** The root cause first, then the history, newest first. */
  get entries(): readonly FailureEntry[] {
    return this.#root ? [this.#root, ...this.#others] : [...this.#others];
  }

  record(error: unknown, place: FailurePlace = NOWHERE): void {
    this.recordSerialized(serializeError(error), place);
  }

  recordSerialized(error: SerializedError, place: FailurePlace): void {
    const entry = { error, timestampMs: this.clock.now(), ...place };
    const better = this.#root !== undefined && CONSEQUENCES.has(this.#root.error.code) && !CONSEQUENCES.has(error.code);
    if (this.#root === undefined || better) {
      this.#retire(this.#root);
      this.#root = entry;
    } else {
      this.#retire(entry);
    }
  }

  /** The next attempt begins without a cause. */
  nextAttempt(): void {
    this.#retire(this.#root);
    this.#root = undefined;
  }

  #retire(entry: FailureEntry | undefined): void {
    if (entry) this.#others = [entry, ...this.#others].slice(0, KEPT);
  }
}
