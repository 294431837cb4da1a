import { type TypeInfo, valueCodec, type ValueCodec, ValueReader, ValueWriter } from '#core';
import { PageFile } from './page-file.js';

const PAGE_BYTES = 64 * 1024;
/** A record that was larger leaves no larger writer behind. */
const KEPT_BYTES = 2 * PAGE_BYTES;

export interface FeedbackQueueOptions {
  /** Of the records; undefined: any. */
  readonly type: TypeInfo | undefined;
  /** Pages beyond it go to a file. */
  readonly memoryBytes: number;
  readonly directory: string;
}

/**
 * What is on its way round a loop, in the slot of its head and its tail: always takes a record, and keeps them in their order.
 *
 * ```
 *   put ─▶ page being written ─▶ pages in memory ─▶ page being read ─▶ take
 *                    └─▶ pages in a file ─▶┘        (through the file while there is anything in it)
 * ```
 * A loop whose parts wait for each other stands still for ever. So the tail is never blocked; instead the head takes no input while the
 * queue is {@link pressed}, and what does not fit into memory even so goes to a file.
 */
export class FeedbackQueue {
  readonly #codec: ValueCodec;
  readonly #writer = new ValueWriter();
  readonly #reader = new ValueReader();
  readonly #pages: Buffer[] = [];
  readonly #file: PageFile;
  readonly #memoryBytes: number;
  #heldBytes = 0;
  #closed = false;
  #timestamp = 0;

  constructor({ type, memoryBytes, directory }: FeedbackQueueOptions) {
    this.#codec = valueCodec(type ?? { kind: 'generic' });
    this.#memoryBytes = memoryBytes;
    this.#file = new PageFile(directory);
  }

  get empty(): boolean {
    return this.#reader.remaining === 0 && this.#writer.position === 0 && this.#pages.length === 0 && this.#file.pages === 0;
  }

  /** The head should take nothing else: half of the memory is used, or more. */
  get pressed(): boolean {
    return this.#file.pages > 0 || 2 * this.#heldBytes > this.#memoryBytes;
  }

  /** Its head has ended: nothing that is put is taken any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Bytes in the file. */
  get spilledBytes(): number {
    return this.#file.bytes;
  }

  /** Throws `UnsupportedRecordError`, `DeclaredTypeMismatchError` (user), `FeedbackSpillError`. */
  put(value: unknown, timestamp: number): void {
    const writer = this.#writer;
    const start = writer.position;
    try {
      writer.double(timestamp);
      this.#codec.write(writer, value, 'feedback');
    } catch (error) {
      writer.position = start;
      throw error;
    }
    if (writer.position >= PAGE_BYTES) this.#seal();
  }

  /** The oldest record; to be asked for only when there is one. Its timestamp is then {@link timestamp}. */
  take(): unknown {
    const reader = this.#reader;
    if (reader.remaining === 0) this.#nextPage();
    this.#timestamp = reader.double();
    return this.#codec.read(reader);
  }

  get timestamp(): number {
    return this.#timestamp;
  }

  close(): void {
    this.#closed = true;
    this.#writer.reset(0);
    this.#reader.attach(Buffer.alloc(0));
    this.#pages.length = 0;
    this.#heldBytes = 0;
    this.#file.close();
  }

  #seal(): void {
    const page = this.#writer.written();
    if (this.#file.pages > 0 || this.#heldBytes + page.length > this.#memoryBytes) this.#file.put(page);
    else this.#hold(Buffer.from(page));
    this.#writer.reset(KEPT_BYTES);
  }

  #hold(page: Buffer): void {
    this.#pages.push(page);
    this.#heldBytes += page.length;
  }

  #nextPage(): void {
    let page = this.#pages.shift();
    if (page !== undefined) this.#heldBytes -= page.length;
    else if (this.#file.pages > 0) page = this.#file.take();
    else {
      page = Buffer.from(this.#writer.written());
      this.#writer.reset(KEPT_BYTES);
    }
    this.#reader.attach(page);
  }
}
