import { absolutePath, FileNotFoundError, fileSystems } from '#core';
import type { Source, SourceReader, SourceReaderContext, SplitEnumerator, SplitEnumeratorContext } from '../connector/source.js';
import { InvalidProgramError } from '../errors.js';
import type { FileSplit } from './file-split.js';
import type { Charset } from './line-cursor.js';
import { TextFileEnumerator } from './text-file-enumerator.js';
import { TextFileReader } from './text-file-reader.js';

export interface TextFileOptions {
  /** Whether directories in the directory are read too. By default they are not. */
  readonly recursive?: boolean;
  /** By default UTF-8. */
  readonly charset?: Charset;
}

const CHARSETS: readonly string[] = ['UTF-8', 'ISO-8859-1'] satisfies Charset[];

/**
 * Reads the lines of a text file, or of all files of a directory, once.
 *
 * Emits:   each line without its line break, `\n` or `\r\n`, and without a byte order mark. Event time: none.
 * Splits:  parts of files, 32 MiB or less; `.gz` and `.deflate` files are read whole. Files and directories whose names
 *          begin with `_` or `.` are left out.
 * Throws:  `FileNotFoundError`, `UnsupportedCompressionError` (user), where the job is submitted.
 */
export class TextFileSource implements Source<string> {
  readonly boundedness = 'bounded';
  readonly parallel = true;
  #path: string;
  readonly #recursive: boolean;
  readonly #charset: Charset;

  constructor(path: string, options: TextFileOptions = {}) {
    const { recursive = false, charset = 'UTF-8' } = options;
    if (!CHARSETS.includes(charset)) {
      throw new InvalidProgramError(`text files in the charset "${String(charset)}" cannot be read`, `Use one of ${CHARSETS.join(', ')}.`);
    }
    this.#path = absolutePath(path, {});
    this.#recursive = recursive;
    this.#charset = charset;
  }

  createReader(context: SourceReaderContext): SourceReader<string> {
    return new TextFileReader(context, this.#charset);
  }

  createEnumerator(context: SplitEnumeratorContext, restored?: readonly unknown[]): SplitEnumerator {
    return new TextFileEnumerator(context, this.#path, this.#recursive, restored as readonly FileSplit[] | undefined);
  }

  /** The path is made absolute where the program is submitted. */
  shipped(): readonly unknown[] {
    return [this.#path];
  }

  adoptShipped(values: readonly unknown[]): void {
    const [path] = values;
    if (typeof path === 'string') this.#path = path;
  }

  async validate(): Promise<void> {
    const { fileSystem, path } = fileSystems.resolve(this.#path);
    try {
      await fileSystem.status(path);
    } catch (error) {
      if (!(error instanceof FileNotFoundError)) throw error;
      throw new FileNotFoundError(path, error, `Check the path; relative paths start at "${process.cwd()}".`);
    }
  }
}
