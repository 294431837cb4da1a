import type { FileSystem, RecoverableFile, RecoverablePosition } from '#core';
import type { FinishStep, SinkSnapshot, SinkWriter, SinkWriterContext } from '../connector/sink.js';
import type { LineFormat } from './line-file-sink.js';

/** Lines are written together once they have this many characters. */
const BATCH_LENGTH = 64 * 1024;
/** Batches being written at any time, above which the writer is blocked. */
const BATCHES_UNDER_WAY = 2;

/** Without `persist` nothing of a file is kept in checkpoints: the file system cannot go on with it. */
type LinesFile = Pick<RecoverableFile, 'write' | 'close'> & Partial<Pick<RecoverableFile, 'persist'>>;

export interface LineFileWriterOptions<T> {
  readonly context: SinkWriterContext;
  readonly fileSystem: FileSystem;
  /** Where this subtask writes. */
  readonly scratchPath: string;
  /** The path the user gave. */
  readonly outputPath: string;
  /** Where this subtask's file is to be in the end. */
  readonly finalPath: string;
  /** Whether `outputPath` becomes a directory. */
  readonly directory: boolean;
  readonly overwrite: boolean;
  readonly format: LineFormat<T>;
  readonly lineBreak: string;
  /** Where the file stood at the checkpoint that the job begins from. */
  readonly restored: RecoverablePosition | undefined;
}

/**
 * Writes one subtask's lines to a scratch file, behind the records by at most a few batches. After a restart it goes on in that file, from
 * where the checkpoint found it.
 */
export class LineFileWriter<T> implements SinkWriter<T> {
  readonly #options: LineFileWriterOptions<T>;
  readonly #format: LineFormat<T>;
  readonly #lineBreak: string;
  #file: LinesFile | undefined;
  /** Where the file ended. */
  #end: RecoverablePosition | undefined;
  readonly #scratchPath: string;
  #lines = '';
  #underWay = 0;
  /** Ends when all that was handed to the file so far is written; never rejects. */
  #written: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  constructor(options: LineFileWriterOptions<T>) {
    this.#options = options;
    this.#format = options.format;
    this.#lineBreak = options.lineBreak;
    this.#scratchPath = options.restored?.temporary ?? options.scratchPath;
  }

  get blocked(): boolean {
    return this.#underWay >= BATCHES_UNDER_WAY;
  }

  /** Creating a file makes the directories it is in. */
  async open(): Promise<void> {
    const { fileSystem, finalPath, restored } = this.#options;
    const writer = fileSystem.recoverableWriter?.();
    if (writer === undefined) this.#file = await fileSystem.create(this.#scratchPath, { overwrite: true });
    else this.#file = await (restored === undefined ? writer.open(finalPath, this.#scratchPath) : writer.recover(restored));
  }

  write(value: T): void {
    this.#lines += this.#format(value) + this.#lineBreak;
    if (this.#lines.length >= BATCH_LENGTH) this.#writeBatch();
  }

  async flush(endOfInput: boolean): Promise<readonly FinishStep[]> {
    if (this.#lines !== '') this.#writeBatch();
    await this.#written;
    if (this.#failure) throw this.#failure.error;
    return endOfInput ? this.#finish() : [];
  }

  async snapshot(): Promise<SinkSnapshot> {
    if (this.#lines !== '') this.#writeBatch();
    const file = this.#file;
    const persisted = this.#written.then(() => (file === undefined ? this.#end : file.persist?.()));
    this.#written = persisted.then(
      () => undefined,
      () => undefined,
    );
    const position = await persisted;
    if (this.#failure) throw this.#failure.error;
    return { state: position === undefined ? [] : [position], committables: [] };
  }

  async close(): Promise<void> {
    this.#lines = '';
    await this.#written;
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  #writeBatch(): void {
    const bytes = Buffer.from(this.#lines, 'utf8');
    this.#lines = '';
    this.#underWay++;
    this.#written = this.#writeAfter(this.#written, bytes);
  }

  async #writeAfter(before: Promise<void>, bytes: Uint8Array): Promise<void> {
    await before;
    try {
      if (!this.#failure) await this.#file?.write(bytes);
    } catch (error) {
      this.#failure = { error };
      this.#options.context.fail(error);
    }
    this.#underWay--;
    this.#options.context.wake();
  }

  async #finish(): Promise<readonly FinishStep[]> {
    const { context, finalPath, overwrite } = this.#options;
    const file = this.#file;
    if (context.checkpointing) this.#end = await file?.persist?.();
    this.#file = undefined;
    await file?.close();
    const rename: FinishStep = { kind: 'rename', from: this.#scratchPath, to: finalPath, overwrite };
    return (await this.#mustMakeRoom()) ? [{ kind: 'delete', path: this.#options.outputPath }, rename] : [rename];
  }

  /** A file replaces a file by itself; a directory, old or new, must go first, with the files that the new one will not have. */
  async #mustMakeRoom(): Promise<boolean> {
    const { context, directory, fileSystem, outputPath, overwrite } = this.#options;
    if (!overwrite || context.subtaskIndex !== 0 || !(await fileSystem.exists(outputPath))) return false;
    return directory || (await fileSystem.status(outputPath)).directory;
  }
}
