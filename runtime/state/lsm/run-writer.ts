import type { GroupLength } from './key-bytes.js';
import { Run } from './run.js';
import { SortedFileWriter } from './sorted-file-writer.js';
import type { SortedFile } from './sorted-file.js';
import type { StoreFiles } from './store-files.js';

/** Names new files, and says what they are like. */
export interface NewFiles {
  readonly files: StoreFiles;
  readonly groupLength: GroupLength;
  nextFile(): { readonly id: string; readonly path: string };
}

/** What the files of a run are going to be like. */
export interface RunShape {
  /** About the size of a file. */
  readonly fileBytes: number;
  /** Entries and groups in a file, at most. */
  readonly hashesAFile: number;
  /** Whether a new file is begun when one has its size. */
  readonly split: boolean;
}

/** Entries that are this large on average have their block in a table. */
const LARGE_ENTRY_BYTES = 160;

/** Writes a run: entries in ascending order, a new file each time one is large enough. */
export class RunWriter {
  readonly #done: SortedFile[] = [];
  #writer: SortedFileWriter | undefined;
  readonly #largeEntries: boolean;

  constructor(
    private readonly target: NewFiles,
    private readonly shape: RunShape,
  ) {
    this.#largeEntries = shape.fileBytes / shape.hashesAFile >= LARGE_ENTRY_BYTES;
  }

  add(hash: number, key: Uint8Array, from: number, to: number, value: Uint8Array, valueFrom: number, valueTo: number): void {
    const writer = (this.#writer ??= this.#begin());
    writer.add(hash, key, from, to, value, valueFrom, valueTo);
    if (writer.full || (this.shape.split && writer.sizeBytes >= this.shape.fileBytes)) this.#end();
  }

  /** Undefined when nothing was added. */
  finish(): Run | undefined {
    this.#end();
    return this.#done.length === 0 ? undefined : new Run(this.#done);
  }

  /** Removes what was written. */
  abort(): void {
    this.#writer?.abort();
    for (const file of this.#done) file.release();
  }

  #begin(): SortedFileWriter {
    const { id, path } = this.target.nextFile();
    return new SortedFileWriter(this.target.files, id, path, this.shape.hashesAFile, this.#largeEntries, this.target.groupLength);
  }

  #end(): void {
    if (this.#writer === undefined) return;
    this.#done.push(this.#writer.finish());
    this.#writer = undefined;
  }
}
