import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';

export interface RotatingFileOptions {
  readonly file: string;
  /** Whether an existing file is continued, rather than emptied. */
  readonly append: boolean;
  /** At this size a new file is begun; undefined: never. */
  readonly maxSizeBytes: number | undefined;
  /** How many full files are kept, as `file.1` (the newest), `file.2`, … */
  readonly maxFiles: number;
}

/**
 * A log file. Written synchronously: logs are few lines, and the last ones before a process dies are the ones that matter.
 */
export class RotatingFile extends Writable {
  readonly #options: RotatingFileOptions;
  #descriptor: number;
  #sizeBytes: number;

  constructor(options: RotatingFileOptions) {
    super({ decodeStrings: true });
    this.#options = options;
    mkdirSync(dirname(options.file), { recursive: true });
    this.#descriptor = openSync(options.file, options.append ? 'a' : 'w');
    this.#sizeBytes = fstatSync(this.#descriptor).size;
  }

  /** A line that cannot be written is lost, which is told on the standard error output: a full disk must not end the process. */
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    try {
      const { maxSizeBytes } = this.#options;
      if (maxSizeBytes !== undefined && this.#sizeBytes > 0 && this.#sizeBytes + chunk.length > maxSizeBytes) this.#begin();
      this.#sizeBytes += writeSync(this.#descriptor, chunk);
    } catch (error) {
      process.stderr.write(`cannot write to the log file: ${error instanceof Error ? error.message : String(error)}\n`);
    }
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    closeSync(this.#descriptor);
    done();
  }

  /** Moves the full file out of the way and begins an empty one. */
  #begin(): void {
    const { file, maxFiles } = this.#options;
    closeSync(this.#descriptor);
    rmSync(`${file}.${maxFiles}`, { force: true });
    for (let number = maxFiles - 1; number >= 1; number--) renameIfThere(`${file}.${number}`, `${file}.${number + 1}`);
    if (maxFiles > 0) renameIfThere(file, `${file}.1`);
    this.#descriptor = openSync(file, 'w');
    this.#sizeBytes = 0;
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
