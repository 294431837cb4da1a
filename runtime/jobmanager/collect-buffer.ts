import type { Clock } from '#core';
import { encodePlain } from '../plan/plain-values.js';
import type { Regions } from './deployments.js';
import type { CollectedPage } from './job-manager-gateway.js';

/** Pages are cut at about this size. */
const PAGE_BYTES = 1 << 20;
/** A batch of no records. */
const EMPTY = encodePlain([]);

interface HeldBatch {
  records: Uint8Array;
  /** Where it comes from. */
  readonly region: number;
  /** Tells the sender that it may go on; undefined: it was told. */
  release: (() => void) | undefined;
}

/**
 * What one collect sink sent and its client has not yet fetched. Bounded: a sender is told to go on only while there is room, so a
 * client that is slow, or does not come at all, slows the job down.
 *
 * Tokens count batches from 0; asking for a page from a token gives up what lies before it.
 */
export class CollectBuffer {
  #batches: HeldBatch[] = [];
  #firstToken = 0;
  #bytes = 0;
  #ended = false;
  readonly #wake: (() => void)[] = [];

  constructor(
    private readonly limitBytes: number,
    private readonly clock: Clock,
  ) {}

  /** Takes a batch of a region; `release` is called, at once or later, when its sender may send more. */
  add(records: Uint8Array, release: () => void, region = 0): void {
    const batch: HeldBatch = { records, region, release };
    this.#batches.push(batch);
    this.#bytes += records.length;
    this.#releaseWithinLimit();
    this.#awaken();
  }

  /** No more will come. */
  end(): void {
    this.#ended = true;
    this.#awaken();
  }

  /** The job begins again: what was not fetched is dropped. */
  restart(): void {
    this.#firstToken += this.#batches.length;
    this.#batches = [];
    this.#bytes = 0;
  }

  /** Regions begin again: what they sent and was not fetched is dropped. Batches stay where they are, empty: they are counted by tokens. */
  restartRegions(regions: Regions): void {
    for (const batch of this.#batches) {
      if (!regions.has(batch.region)) continue;
      this.#bytes += EMPTY.length - batch.records.length;
      batch.records = EMPTY;
    }
    this.#releaseWithinLimit();
  }

  /** Waits for at most `waitMs` for something after `token`. */
  async page(token: number, waitMs: number): Promise<CollectedPage> {
    this.#forgetBefore(token);
    if (this.#batches.length === 0 && !this.#ended && waitMs > 0) await this.#something(waitMs);
    const batches = this.#cutPage();
    return { batches, nextToken: this.#firstToken + batches.length, end: this.#ended && batches.length === this.#batches.length };
  }

  #cutPage(): readonly Uint8Array[] {
    let bytes = 0;
    const end = this.#batches.findIndex(({ records }) => (bytes += records.length) > PAGE_BYTES);
    return this.#batches.slice(0, end < 0 ? undefined : Math.max(1, end)).map(({ records }) => records);
  }

  #forgetBefore(token: number): void {
    const gone = this.#batches.splice(0, Math.max(0, token - this.#firstToken));
    this.#firstToken += gone.length;
    for (const { records, release } of gone) {
      this.#bytes -= records.length;
      release?.();
    }
    this.#releaseWithinLimit();
  }

  #releaseWithinLimit(): void {
    if (this.#bytes > this.limitBytes) return;
    for (const batch of this.#batches) {
      batch.release?.();
      batch.release = undefined;
    }
  }

  async #something(waitMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = this.clock.setTimer(waitMs, resolve, { background: true });
      this.#wake.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  #awaken(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
