import { type BlobKey, invariant, type JobId, type Logger } from '#core';
import { BlobCorruptError, BlobFetchError } from './errors.js';
import { blobKeyOf, type BlobStore } from './blob-store.js';

/** Asks the JobManager for a piece of a blob from `offset`, as long as it likes to give. */
export type FetchChunk = (key: BlobKey, offset: number) => Promise<{ readonly bytes: Uint8Array; readonly sizeBytes: number }>;

/**
 * A TaskManager's blobs: each is fetched once, whoever asks while it is under way, checked against its key, and kept in the store.
 * Throws `BlobFetchError` (external) after `retries` more tries.
 */
export class BlobCache {
  readonly #underway = new Map<BlobKey, Promise<void>>();

  constructor(
    readonly store: BlobStore,
    private readonly retries: number,
    private readonly logger: Logger,
  ) {}

  /** Makes sure that the blob is in the store, and holds it for the job. */
  async provide(key: BlobKey, jobId: JobId, fetch: FetchChunk): Promise<void> {
    if (!this.store.has(key)) await this.#fetchOnce(key, fetch);
    this.store.hold(key, jobId);
  }

  async #fetchOnce(key: BlobKey, fetch: FetchChunk): Promise<void> {
    const running = this.#underway.get(key);
    if (running) return await running;
    const fetching = this.#fetchWithRetries(key, fetch).finally(() => {
      this.#underway.delete(key);
    });
    this.#underway.set(key, fetching);
    await fetching;
  }

  async #fetchWithRetries(key: BlobKey, fetch: FetchChunk): Promise<void> {
    const tries = this.retries + 1;
    let failure: unknown;
    for (let left = tries; left > 0; left--) {
      try {
        const bytes = await fetchWhole(key, fetch);
        const actual = blobKeyOf(bytes);
        if (actual !== key) throw new BlobCorruptError(key, actual);
        await this.store.put(bytes);
        return;
      } catch (error) {
        failure = error;
        this.logger.warn('fetching a blob failed', { key, triesLeft: left - 1, error: String(error) });
      }
    }
    throw new BlobFetchError(key, tries, failure);
  }
}

async function fetchWhole(key: BlobKey, fetch: FetchChunk): Promise<Uint8Array> {
  const first = await fetch(key, 0);
  if (first.bytes.length === first.sizeBytes) return first.bytes;
  const whole = new Uint8Array(first.sizeBytes);
  let chunk = first.bytes;
  for (let offset = 0; ;) {
    invariant(chunk.length > 0 && offset + chunk.length <= whole.length, 'a chunk of a blob has bytes and lies within the blob');
    whole.set(chunk, offset);
    offset += chunk.length;
    if (offset === whole.length) return whole;
    chunk = (await fetch(key, offset)).bytes;
  }
}
