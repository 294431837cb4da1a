import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobKey, Clock, JobId, Logger, Timer } from '#core';
import { BlobDirectoryError, BlobMissingError, BlobStoreClosedError } from './errors.js';
import { markOwner, removeOrphanedStores, STORE_PREFIX } from './orphaned-stores.js';

export interface BlobStoreOptions {
  /** The store makes a directory `blobStore-<uuid>` in it. */
  readonly directory: string;
  /** How long a blob stays after its last job has ended; also the time between two looks. */
  readonly cleanupIntervalMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long a process may take to be gone after its connections are. */
const NEIGHBOUR_GRACE_MS = 1000;

interface Entry {
  readonly sizeBytes: number;
  readonly jobs: Set<JobId>;
  /** When the last job let go of it, or it came without one. */
  idleSinceMs: number;
}

/** The key of a blob: SHA-256 of its bytes. */
export function blobKeyOf(bytes: Uint8Array): BlobKey {
  return createHash('sha256').update(bytes).digest('hex') as BlobKey;
}

/**
 * Large immutable things (program bundles above all) as files, named by their content.
 *
 * A file is in place whole or not at all. A blob stays while a job holds it, and for `cleanupIntervalMs` to twice that afterwards.
 * Throws `BlobDirectoryError` (user), `BlobMissingError` (internal).
 */
export class BlobStore {
  readonly #entries = new Map<BlobKey, Entry>();
  #sweep: Timer | undefined;
  #neighbours: Timer | undefined;
  #closed = false;
  readonly #writes = new Set<Promise<unknown>>();

  private constructor(
    readonly directory: string,
    private readonly options: BlobStoreOptions,
  ) {
    this.#scheduleSweep();
  }

  static async open(options: BlobStoreOptions): Promise<BlobStore> {
    const directory = join(options.directory, `${STORE_PREFIX}${randomUUID()}`);
    try {
      await mkdir(directory, { recursive: true });
      await markOwner(directory);
    } catch (error) {
      throw new BlobDirectoryError(options.directory, error);
    }
    const store = new BlobStore(directory, options);
    void removeOrphanedStores(options.directory);
    return store;
  }

  /** Keeps the bytes; putting the same bytes again only renews their time. */
  async put(bytes: Uint8Array): Promise<BlobKey> {
    const key = blobKeyOf(bytes);
    if (!this.has(key)) await this.writing(() => this.#write(key, bytes));
    return key;
  }

  /** Whether the blob is here; being asked for renews its time. */
  has(key: BlobKey): boolean {
    const entry = this.#entries.get(key);
    if (entry) entry.idleSinceMs = this.options.clock.monotonicMs();
    return entry !== undefined;
  }

  sizeOf(key: BlobKey): number {
    return this.#entry(key).sizeBytes;
  }

  /** Where the blob's file is. */
  pathOf(key: BlobKey): string {
    return join(this.directory, key);
  }

  /** At most `length` bytes from `offset`. */
  async read(key: BlobKey, offset: number, length: number): Promise<Uint8Array> {
    const { sizeBytes } = this.#entry(key);
    const bytes = new Uint8Array(Math.max(0, Math.min(length, sizeBytes - offset)));
    const file = await open(this.pathOf(key));
    try {
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, offset + filled);
        if (bytesRead === 0) throw new BlobMissingError(key, `"${this.directory}" as a whole`);
        filled += bytesRead;
      }
    } finally {
      await file.close();
    }
    return bytes;
  }

  async readAll(key: BlobKey): Promise<Uint8Array> {
    return await this.read(key, 0, this.sizeOf(key));
  }

  /** The blob stays until the job lets go. */
  hold(key: BlobKey, jobId: JobId): void {
    this.#entry(key).jobs.add(jobId);
  }

  /** The job needs none of its blobs any more. */
  letGo(jobId: JobId): void {
    const now = this.options.clock.monotonicMs();
    for (const entry of this.#entries.values()) {
      if (entry.jobs.delete(jobId)) entry.idleSinceMs = now;
    }
  }

  /** A process that may have had a store beside this one was killed: its store is removed, once the process is really gone. */
  neighbourLost(): void {
    this.#neighbours ??= this.options.clock.setTimer(
      NEIGHBOUR_GRACE_MS,
      () => {
        this.#neighbours = undefined;
        if (!this.#closed) void removeOrphanedStores(this.options.directory);
      },
      { background: true },
    );
  }

  /** Does something in the store's directory that has to be over before it is removed. Throws {@link BlobStoreClosedError}. */
  async writing<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new BlobStoreClosedError(this.directory);
    const running = work();
    this.#writes.add(running);
    try {
      return await running;
    } finally {
      this.#writes.delete(running);
    }
  }

  /** Removes the store with everything in it. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#sweep?.cancel();
    this.#neighbours?.cancel();
    await Promise.allSettled(this.#writes);
    await rm(this.directory, { recursive: true, force: true });
  }

  async #write(key: BlobKey, bytes: Uint8Array): Promise<void> {
    const unfinished = join(this.directory, `.${key}-${randomUUID()}`);
    await writeFile(unfinished, bytes);
    await rename(unfinished, this.pathOf(key));
    if (!this.#entries.has(key)) {
      this.#entries.set(key, { sizeBytes: bytes.length, jobs: new Set(), idleSinceMs: this.options.clock.monotonicMs() });
    }
  }

  #entry(key: BlobKey): Entry {
    const entry = this.#entries.get(key);
    if (!entry) throw new BlobMissingError(key, `the blob store "${this.directory}"`);
    return entry;
  }

  #scheduleSweep(): void {
    this.#sweep = this.options.clock.setTimer(
      this.options.cleanupIntervalMs,
      () => {
        this.#removeIdle();
        if (!this.#closed) this.#scheduleSweep();
      },
      { background: true },
    );
  }

  #removeIdle(): void {
    const limit = this.options.clock.monotonicMs() - this.options.cleanupIntervalMs;
    for (const [key, { jobs, idleSinceMs }] of this.#entries) {
      if (jobs.size > 0 || idleSinceMs > limit) continue;
      this.#entries.delete(key);
      unlink(this.pathOf(key)).catch((error: unknown) => {
        this.options.logger.warn('cannot remove a blob that is no longer needed', { key, error: String(error) });
      });
    }
  }
}
