import type { ReadableFile } from '#core';
import type { NameNodeClient } from './name-node-client.js';
import { RangeReader } from './range-reader.js';

/** What is fetched at once grows while reads follow each other, so that a look at a few bytes stays cheap. */
const FIRST_WINDOW_BYTES = 256 * 1024;
const LARGEST_WINDOW_BYTES = 64 * 1024 * 1024;
/** A gap as short as this is read over. */
const SKIPPED_BYTES = 128 * 1024;

/** A file of HDFS opened for reading at positions. Reads that follow each other share a connection. */
export class HdfsReadableFile implements ReadableFile {
  #sequence: Sequence | undefined;
  #windowBytes = FIRST_WINDOW_BYTES;

  constructor(
    private readonly client: NameNodeClient,
    private readonly path: string,
    readonly sizeBytes: number,
  ) {}

  async read(target: Uint8Array, offset: number, length: number, position: number): Promise<number> {
    const wanted = Math.min(length, this.sizeBytes - position);
    if (wanted <= 0) return 0;
    const sequence = this.#sequenceAt(position, wanted);
    sequence.busy = true;
    try {
      await sequence.skipTo(position);
      let done = 0;
      while (done < wanted) {
        done += sequence.copy(target, offset + done, wanted - done);
        if (done < wanted && !(await sequence.more())) this.#continue(sequence, wanted - done);
      }
      return done;
    } finally {
      sequence.busy = false;
      if (sequence !== this.#sequence) sequence.close();
    }
  }

  close(): Promise<void> {
    this.#sequence?.close();
    this.#sequence = undefined;
    return Promise.resolve();
  }

  /** The connection that stands at the position; else a new one, which replaces the last unless somebody reads from that just now. */
  #sequenceAt(position: number, wanted: number): Sequence {
    const last = this.#sequence;
    if (last?.busy === true) return this.#from(position, position + wanted);
    if (last?.reaches(position) === true) return last;
    last?.close();
    this.#windowBytes = FIRST_WINDOW_BYTES;
    return (this.#sequence = this.#from(position, position + Math.max(wanted, this.#windowBytes)));
  }

  #from(start: number, end: number): Sequence {
    return new Sequence(new RangeReader(this.client, this.path, start, Math.min(end, this.sizeBytes)));
  }

  /** The window is read, and more is wanted: the next is larger. */
  #continue(sequence: Sequence, wanted: number): void {
    this.#windowBytes = Math.min(this.#windowBytes * 4, LARGEST_WINDOW_BYTES);
    const start = sequence.positionBytes;
    const end = Math.min(start + Math.max(wanted, this.#windowBytes), this.sizeBytes);
    sequence.reader = new RangeReader(this.client, this.path, start, end);
  }
}

/** Bytes in a row, handed out in the portions that are asked for. */
class Sequence {
  busy = false;
  #rest: Buffer | undefined;

  constructor(public reader: RangeReader) {}

  get positionBytes(): number {
    return this.reader.positionBytes - (this.#rest?.length ?? 0);
  }

  /** Whether reading on leads to the position soon. */
  reaches(position: number): boolean {
    const gap = position - this.positionBytes;
    return gap === 0 || (gap > 0 && gap <= SKIPPED_BYTES && position < this.reader.endBytes);
  }

  /** Copies of what has come already as much as is wanted; answers how much. */
  copy(target: Uint8Array, offset: number, length: number): number {
    let done = 0;
    while (done < length) {
      const chunk = (this.#rest ??= this.reader.take());
      if (chunk === undefined) return done;
      const copied = Math.min(length - done, chunk.length);
      target.set(copied === chunk.length ? chunk : chunk.subarray(0, copied), offset + done);
      this.#rest = copied === chunk.length ? undefined : chunk.subarray(copied);
      done += copied;
    }
    return done;
  }

  /** Waits until something has come; false at the end of the range. */
  async more(): Promise<boolean> {
    this.#rest ??= await this.reader.next();
    return this.#rest !== undefined;
  }

  async skipTo(position: number): Promise<void> {
    while (this.positionBytes < position) {
      const chunk = (this.#rest ??= await this.reader.next());
      if (chunk === undefined) return;
      const skipped = Math.min(chunk.length, position - this.positionBytes);
      this.#rest = skipped === chunk.length ? undefined : chunk.subarray(skipped);
    }
  }

  close(): void {
    this.reader.close();
  }
}
