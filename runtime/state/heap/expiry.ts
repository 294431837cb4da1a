import type { Clock } from '#core';
import type { StateTtl } from '#api';
import type { Expiring } from './value-form.js';

/** The time to live of a state, as its values meet it. */
export class Expiry {
  readonly renewedByReading: boolean;
  readonly showsExpired: boolean;
  readonly #ttlMs: number;

  constructor(
    ttl: StateTtl,
    private readonly clock: Clock,
  ) {
    this.#ttlMs = ttl.ttlMs;
    this.renewedByReading = ttl.updateType === 'OnReadAndWrite';
    this.showsExpired = ttl.visibility === 'ReturnExpiredIfNotCleanedUp';
  }

  get nowMs(): number {
    return this.clock.now();
  }

  wrap(value: unknown): Expiring {
    return { value, time: this.clock.now() };
  }

  isOver(expiring: Expiring): boolean {
    return expiring.time + this.#ttlMs <= this.clock.now();
  }
}
