/** More than this is not fetched ahead of who reads. */
const QUEUE_BYTES = 512 * 1024;
/** A source that is silent for so long while somebody waits is given up. */
const SILENCE_MS = 30_000;

/** What bytes come from: told to stop when there are enough of them. */
export interface ByteSource {
  pause(): void;
  resume(): void;
}

/** Chunks between a connection, which brings them, and a reader, who takes them one after the other. */
export class ByteQueue {
  readonly #chunks: Buffer[] = [];
  #queuedBytes = 0;
  #paused = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(private readonly source: ByteSource) {}

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#queuedBytes += chunk.length;
    if (this.#queuedBytes > QUEUE_BYTES && !this.#paused) {
      this.#paused = true;
      this.source.pause();
    }
    this.#wake?.();
  }

  /** Nothing comes any more; readers learn of it behind what has come. The first reason counts. */
  fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
    this.#wake?.();
  }

  /** What has come already; undefined when there is nothing. */
  take(): Buffer | undefined {
    const chunk = this.#chunks.shift();
    if (chunk === undefined) return undefined;
    this.#queuedBytes -= chunk.length;
    if (this.#paused && this.#queuedBytes < QUEUE_BYTES / 2) {
      this.#paused = false;
      this.source.resume();
    }
    return chunk;
  }

  /** At least one byte. Rejects with the failure when there are none. */
  async next(): Promise<Buffer> {
    for (;;) {
      const chunk = this.take();
      if (chunk !== undefined) return chunk;
      if (this.#failure !== undefined) throw this.#failure;
      await this.#news();
    }
  }

  async #news(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.fail(new Error(`no data within ${SILENCE_MS / 1000} s`));
      }, SILENCE_MS);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
