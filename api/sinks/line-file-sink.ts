import { absolutePath, fileSystems, joinPath, parentPath, pathName, type JobId, type RecoverablePosition } from '#core';
import { Configuration, fsOutputAlwaysCreateDirectory, fsOverwriteFiles, type Option } from '#conf';
import type { Sink, SinkWriter, SinkWriterContext } from '../connector/sink.js';
import { LineFileWriter } from './line-file-writer.js';
import { checkOutput } from './output-check.js';

/** What to do when the output exists. By default what `fs.overwrite-files` says. */
export type WriteMode = 'NO_OVERWRITE' | 'OVERWRITE';

/** Finds the line of a record. Called once for each, so it must be fast; the line break is added to it. */
export type LineFormat<T> = (value: T) => string;

/**
 * Writes records as lines of text in UTF-8.
 *
 * Output:   with parallelism 1 a file at the path, unless `fs.output.always-create-directory` is set; else a directory
 *           with a file for each subtask, named from `1`. It is there, whole, once the job has succeeded, and not before.
 * Scratch:  `<parent>/.<name>.<job id>/<attempt>-<subtask>`, gone when the job has ended, however it did.
 * Delivery: with checkpoints each record once, through any number of restarts. A job that is started from the savepoint of another
 *           writes what it reads itself.
 * Throws:   `FileExistsError` (user) where the job is submitted, when the output exists and is not to be overwritten.
 */
export class LineFileSink<T> implements Sink<T> {
  #path: string;
  readonly #mode: WriteMode | undefined;
  readonly #format: LineFormat<T>;
  readonly #lineBreak: string;

  /** @param path without a scheme, a path of the local file system. */
  constructor(path: string, mode: WriteMode | undefined, format: LineFormat<T>, lineBreak = '\n') {
    this.#path = absolutePath(path, {});
    this.#mode = mode;
    this.#format = format;
    this.#lineBreak = lineBreak;
  }

  writesTo(): string {
    return this.#path;
  }

  shipped(): readonly unknown[] {
    return [this.#path];
  }

  adoptShipped(values: readonly unknown[]): void {
    const [path] = values;
    if (typeof path === 'string') this.#path = path;
  }

  scratch(jobId: JobId): readonly string[] {
    return [scratchDirectory(this.#path, jobId)];
  }

  async validate(context: { readonly parallelism: number; readonly configuration: Readonly<Record<string, string>> }): Promise<void> {
    const { fileSystem, path } = fileSystems.resolve(this.#path);
    if (!overwrites(this.#mode, context.configuration)) {
      await checkOutput(fileSystem, path, writesDirectory(context.parallelism, context.configuration));
    }
  }

  createWriter(context: SinkWriterContext, restored: readonly unknown[] = []): SinkWriter<T> {
    const { fileSystem, path } = fileSystems.resolve(this.#path);
    const directory = writesDirectory(context.parallelism, context.configuration);
    const scratch = scratchDirectory(path, context.jobId);
    return new LineFileWriter<T>({
      context,
      fileSystem,
      scratchPath: joinPath(scratch, `${context.attempt}-${context.subtaskIndex}`),
      outputPath: path,
      finalPath: directory ? joinPath(path, String(context.subtaskIndex + 1)) : path,
      directory,
      overwrite: overwrites(this.#mode, context.configuration),
      format: this.#format,
      lineBreak: this.#lineBreak,
      restored: ownOf(restored as readonly RecoverablePosition[], scratch),
    });
  }
}

/** A job that was started from the savepoint of another begins its own output. */
function ownOf(restored: readonly RecoverablePosition[], scratch: string): RecoverablePosition | undefined {
  return restored.find(({ temporary }) => parentPath(temporary) === scratch);
}

function scratchDirectory(path: string, jobId: JobId): string {
  return joinPath(parentPath(path), `.${pathName(path)}.${jobId}`);
}

function overwrites(mode: WriteMode | undefined, configuration: Readonly<Record<string, string>>): boolean {
  return mode === undefined ? isSet(configuration, fsOverwriteFiles) : mode === 'OVERWRITE';
}

function writesDirectory(parallelism: number, configuration: Readonly<Record<string, string>>): boolean {
  return parallelism > 1 || isSet(configuration, fsOutputAlwaysCreateDirectory);
}

function isSet(configuration: Readonly<Record<string, string>>, option: Option<boolean>): boolean {
  return Configuration.of(configuration).get(option);
}
