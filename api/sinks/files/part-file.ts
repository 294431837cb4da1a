import type { PendingFile, RecoverableFile, RecoverablePosition } from '#core';
import type { PartFileInfo } from './rolling-policy.js';
import type { WriteBudget } from './write-budget.js';

/** Bytes are written together once there are this many. */
const BATCH_BYTES = 64 * 1024;

export interface PartFileOptions {
  readonly bucketId: string;
  readonly budget: WriteBudget;
  readonly nowMs: number;
  /** Opens the file, anew or where it was left. */
  readonly open: () => Promise<RecoverableFile>;
  /** Bytes that are in it already. */
  readonly startBytes: number;
  /** Told of the first thing that goes wrong. */
  readonly fail: (error: unknown) => void;
}

/** Bytes on their way into a file, and how many the budget was told of. */
interface Held {
  readonly chunks: readonly Uint8Array[];
  readonly countedBytes: number;
}

/**
 * A part file in progress. What is added is written behind the records; whatever else is asked of the file comes after all that was added
 * before, and before all that is added later.
 */
export class PartFile implements PartFileInfo {
  readonly bucketId: string;
  readonly creationTime: number;
  lastUpdateTime: number;
  #sizeBytes: number;
  #texts = '';
  #chunks: Uint8Array[] = [];
  #heldBytes = 0;
  /** Ends when all that was asked for so far is done. */
  #done: Promise<void>;
  readonly #opened: Promise<RecoverableFile>;
  #failed = false;
  #closing = false;
  #closed = false;

  constructor(private readonly options: PartFileOptions) {
    this.bucketId = options.bucketId;
    this.creationTime = options.nowMs;
    this.lastUpdateTime = options.nowMs;
    this.#sizeBytes = options.startBytes;
    this.#opened = options.open();
    this.#done = this.#opened.then(() => undefined);
    this.#watch(this.#done);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  addText(text: string): void {
    this.#texts += text;
    this.#hold(Buffer.byteLength(text));
  }

  addBytes(bytes: Uint8Array): void {
    this.#textsToBytes();
    this.#chunks.push(bytes);
    this.#hold(bytes.length);
  }

  /** Has written what was added. */
  send(): void {
    const held = this.#takeHeld();
    if (held === undefined) return;
    // what goes wrong is told to `fail`
    this.#then((file) => this.#write(file, held)).catch(() => undefined);
  }

  /** Ends when all that was added is written. Rejects with what went wrong with the file. */
  async written(): Promise<void> {
    this.send();
    await this.#done;
  }

  persist(): Promise<RecoverablePosition> {
    this.send();
    return this.#then((file) => file.persist());
  }

  /** Nothing is added after it. @param finish adds the last bytes, once all else is written. */
  closeForCommit(finish: () => void | Promise<void>): Promise<PendingFile> {
    this.send();
    this.#closing = true;
    return this.#then(async (file) => {
      await finish();
      const rest = this.#takeHeld();
      if (rest !== undefined) await this.#write(file, rest);
      const pending = await file.closeForCommit();
      this.#closed = true;
      return pending;
    });
  }

  /** Frees what is open, also after an error; what is in the file stays. */
  async close(): Promise<void> {
    this.#takeHeld();
    await this.#done.catch(() => undefined);
    if (this.#closed) return;
    this.#closed = true;
    const file = await this.#opened.catch(() => undefined);
    await file?.close();
  }

  #hold(bytes: number): void {
    this.#sizeBytes += bytes;
    this.#heldBytes += bytes;
    this.options.budget.take(bytes);
    if (this.#heldBytes >= BATCH_BYTES && !this.#closing) this.send();
  }

  #textsToBytes(): void {
    if (this.#texts === '') return;
    this.#chunks.push(Buffer.from(this.#texts, 'utf8'));
    this.#texts = '';
  }

  #takeHeld(): Held | undefined {
    this.#textsToBytes();
    if (this.#chunks.length === 0) return undefined;
    const held = { chunks: this.#chunks, countedBytes: this.#heldBytes };
    this.#chunks = [];
    this.#heldBytes = 0;
    return held;
  }

  async #write(file: RecoverableFile, { chunks, countedBytes }: Held): Promise<void> {
    const [first] = chunks;
    try {
      await file.write(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
    } finally {
      this.options.budget.giveBack(countedBytes);
    }
  }

  /** Does something with the file after all that came before. */
  #then<R>(step: (file: RecoverableFile) => Promise<R>): Promise<R> {
    const result = this.#done.then(() => this.#opened).then(step);
    this.#done = result.then(() => undefined);
    this.#watch(this.#done);
    return result;
  }

  #watch(step: Promise<unknown>): void {
    step.catch((error: unknown) => {
      if (this.#failed) return;
      this.#failed = true;
      this.options.fail(error);
    });
  }
}
