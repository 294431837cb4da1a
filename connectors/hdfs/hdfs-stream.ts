import { Readable } from 'node:stream';
import type { RangeReader } from './range-reader.js';

const BUFFERED_BYTES = 256 * 1024;

/** A file of HDFS as a stream from a position on. What opening it brings up is an error of the stream. */
export class HdfsStream extends Readable {
  #reader: RangeReader | undefined;

  constructor(private readonly open: () => Promise<RangeReader>) {
    super({ highWaterMark: BUFFERED_BYTES });
  }

  override _construct(done: (error?: Error | null) => void): void {
    this.open().then(
      (reader) => {
        this.#reader = reader;
        done();
      },
      (error: unknown) => {
        done(error as Error);
      },
    );
  }

  override _read(): void {
    const reader = this.#reader!;
    const here = reader.take();
    if (here !== undefined) {
      this.push(here);
      return;
    }
    reader.next().then(
      (chunk) => {
        this.push(chunk ?? null);
      },
      (error: unknown) => {
        this.destroy(error as Error);
      },
    );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#reader?.close();
    done(error);
  }
}
