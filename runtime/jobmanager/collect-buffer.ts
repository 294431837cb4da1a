import type { Clock } from '#core';
import type { CollectedPage } from './job-manager-gateway.js';

/** Pages are cut at about this size. */
const PAGE_BYTES = 1 << 20;

interface HeldBatch {
  readonly records: Uint8Array;
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

  /** Takes a batch; `release` is called, at once or later, when its sender may send more. */
  add(records: Uint8Array, release: () => void): void {
    const batch: HeldBatch = { records, release };
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
