import { randomUUID } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { FeedbackSpillError } from './errors.js';

/**
 * A queue of pages in a file without a name: it is gone with its process, however that ends. Made at the first page, and empty again
 * whenever the last one is taken.
 *
 * Writes and reads are synchronous: what spills is a few hundred microseconds a page of work for the slot's thread, which has nowhere else
 * to put it. Throws {@link FeedbackSpillError}.
 */
export class PageFile {
  readonly #lengths: number[] = [];
  #descriptor: number | undefined;
  #readAt = 0;
  #writeAt = 0;

  constructor(private readonly directory: string) {}

  get pages(): number {
    return this.#lengths.length;
  }

  get bytes(): number {
    return this.#writeAt - this.#readAt;
  }

  put(page: Uint8Array): void {
    this.#doing(() => {
      this.#descriptor ??= this.#create();
      for (let done = 0; done < page.length;) {
        done += writeSync(this.#descriptor, page, done, page.length - done, this.#writeAt + done);
      }
      this.#writeAt += page.length;
      this.#lengths.push(page.length);
    });
  }

  /** The oldest page; to be asked for only when there is one. */
  take(): Buffer {
    return this.#doing(() => {
      const page = Buffer.allocUnsafeSlow(this.#lengths.shift()!);
      for (let done = 0; done < page.length;) {
        const read = readSync(this.#descriptor!, page, done, page.length - done, this.#readAt + done);
        if (read === 0) throw new RangeError('the file is shorter than what was written');
        done += read;
      }
      this.#readAt += page.length;
      if (this.#lengths.length === 0) this.#empty();
      return page;
    });
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.#lengths.length = 0;
    this.#readAt = this.#writeAt = 0;
  }

  #create(): number {
    const path = join(this.directory, `flink-iteration-${randomUUID()}`);
    const descriptor = openSync(path, 'wx+', 0o600);
    rmSync(path, { force: true });
    return descriptor;
  }

  #empty(): void {
    ftruncateSync(this.#descriptor!, 0);
    this.#readAt = this.#writeAt = 0;
  }

  #doing<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw new FeedbackSpillError(this.directory, error);
    }
  }
}
