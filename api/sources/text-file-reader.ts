import type { PollStatus, SourceOutput, SourceReader, SourceReaderContext, Split } from '../connector/source.js';
import type { FileSplit } from './file-split.js';
import { ChunkBuffer, type LineChunk } from './line-chunker.js';
import { LineCursor, type Charset } from './line-cursor.js';
import { openLines } from './open-lines.js';

const BUFFER_BYTES = 512 * 1024;
/** One is read from while the other is filled. */
const BUFFERS = 2;

/** What the loop that reads ahead hands to `poll`: lines, or the news that a split is read to its end. */
type ReadAhead = LineChunk | 'endOfSplit';

/**
 * Emits the lines of the splits it is given. Files are read ahead by a loop of its own, as far as there are buffers; lines
 * are cut and decoded in `poll`.
 */
export class TextFileReader implements SourceReader<string> {
  readonly #context: SourceReaderContext;
  readonly #cursor: LineCursor;
  /** Splits that have lines to emit; the first is the one of the cursor's chunk. */
  readonly #unread: FileSplit[] = [];
  /** Splits that the loop has not begun to read. */
  readonly #toRead: FileSplit[] = [];
  readonly #ahead: ReadAhead[] = [];
  readonly #free = Array.from({ length: BUFFERS }, () => new ChunkBuffer(BUFFER_BYTES));
  #chunk: LineChunk | undefined;
  #noMoreSplits = false;
  /** The loop has nothing left to read. */
  #readAll = false;
  #closed = false;
  #goOn: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(context: SourceReaderContext, charset: Charset) {
    this.#context = context;
    this.#cursor = new LineCursor(charset);
  }

  open(): void {
    this.#running = this.#readAhead().catch((error: unknown) => {
      this.#context.fail(error);
    });
    this.#context.requestSplit();
  }

  poll(output: SourceOutput<string>, maxRecords: number): PollStatus {
    for (let left = maxRecords; left > 0 && !output.blocked;) {
      if (!this.#cursor.hasLine && !this.#nextChunk()) return this.#readAll ? 'end' : 'idle';
      left -= this.#cursor.emit(output, left);
    }
    return 'more';
  }

  addSplits(splits: readonly Split[]): void {
    const fileSplits = splits as readonly FileSplit[];
    this.#unread.push(...fileSplits);
    this.#toRead.push(...fileSplits);
    this.#continue();
  }

  noMoreSplits(): void {
    this.#noMoreSplits = true;
    this.#continue();
  }

  snapshot(): readonly FileSplit[] {
    const [current, ...others] = this.#unread;
    if (!current || !this.#chunk) return [...this.#unread];
    return [{ ...current, nextByte: this.#cursor.nextByte }, ...others];
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#ahead.length = 0;
    this.#continue();
    await this.#running;
  }

  /** Puts the cursor on what was read ahead; answers false when nothing was. */
  #nextChunk(): boolean {
    for (let next = this.#ahead.shift(); next !== undefined; next = this.#ahead.shift()) {
      this.#releaseChunk(next === 'endOfSplit');
      if (next === 'endOfSplit') this.#unread.shift();
      else return this.#startChunk(next);
    }
    return false;
  }

  #startChunk(chunk: LineChunk): boolean {
    this.#chunk = chunk;
    this.#cursor.start(chunk);
    return true;
  }

  #releaseChunk(forget: boolean): void {
    const { buffer } = this.#chunk ?? {};
    if (buffer) this.#free.push(buffer.bytes.length > BUFFER_BYTES ? new ChunkBuffer(BUFFER_BYTES) : buffer);
    if (forget) this.#chunk = undefined;
    this.#continue();
  }

  async #readAhead(): Promise<void> {
    while (!this.#closed) {
      const split = this.#toRead.shift();
      if (split) await this.#readSplit(split);
      else if (this.#noMoreSplits) break;
      else await this.#pause();
    }
    this.#readAll = true;
    this.#context.wake();
  }

  async #readSplit(split: FileSplit): Promise<void> {
    const { source, chunker } = await openLines(split);
    try {
      for (;;) {
        const buffer = await this.#freeBuffer();
        const chunk = buffer && (await chunker.next(buffer));
        if (buffer && !chunk) this.#free.push(buffer);
        if (!chunk || this.#closed) break;
        this.#put(chunk);
      }
    } finally {
      await source.close();
    }
    this.#put('endOfSplit');
    if (this.#toRead.length === 0 && !this.#noMoreSplits && !this.#closed) this.#context.requestSplit();
  }

  #put(next: ReadAhead): void {
    this.#ahead.push(next);
    if (this.#ahead.length === 1) this.#context.wake();
  }

  /** Answers undefined when the reader was closed meanwhile. */
  async #freeBuffer(): Promise<ChunkBuffer | undefined> {
    while (this.#free.length === 0 && !this.#closed) await this.#pause();
    return this.#closed ? undefined : this.#free.pop();
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#goOn = resolve;
    });
  }

  #continue(): void {
    const goOn = this.#goOn;
    this.#goOn = undefined;
    goOn?.();
  }
}
