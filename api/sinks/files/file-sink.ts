import { absolutePath, fileSystems, RecoverableWritesUnsupportedError, type JobId } from '#core';
import type { Committer, Sink, SinkWriter, SinkWriterContext } from '../../connector/sink.js';
import { type Duration, durationOf } from '../../time/duration.js';
import { type BucketAssigner, DateTimeBucketAssigner } from './bucket-assigner.js';
import type { BulkWriterFactory, Encoder, OutputFileConfig } from './encoder.js';
import { FileCommitter } from './file-committer.js';
import { type FileSinkPlace, type FileSinkSettings, FileSinkWriter } from './file-sink-writer.js';
import { bulkFormat, rowFormat } from './part-format.js';
import { DefaultRollingPolicy, OnCheckpointRollingPolicy, type RollingPolicy } from './rolling-policy.js';
import { scratchDirectory } from './scratch.js';

const BUCKET_CHECK_INTERVAL_MS = 60_000;

/**
 * Writes records to part files in buckets, below a base path, each record exactly once.
 *
 * Output:    `<base path>/<bucket>/<prefix>-<uid>-<n><suffix>`; with checkpoints a file is visible, whole, once the checkpoint after its
 *            end is complete; without, when the job has succeeded.
 * States:    in progress and pending files are hidden: `.<name>.inprogress.<uuid>`; finished ones have their names. Files of an attempt
 *            that failed are gone on with from where the checkpoint saw them, or deleted when it saw nothing of them.
 * Rolling:   rows by `DefaultRollingPolicy`, bulk formats at every checkpoint.
 * Memory:    at most 4 MiB a subtask wait to be written; above that the writer is blocked.
 * Restored:  at any parallelism. A checkpoint older than the last complete one cannot be restored once its files are finished.
 * Throws:    `RecoverableWritesUnsupportedError` (user) where the job is submitted; `LostFileError` (external) when a file is gone.
 * Source:    Flink's FileSink.
 *
 * @example
 * const rows = FileSink.forRowFormat('/data/out', new SimpleStringEncoder<string>());
 * stream.sinkTo(rows.withBucketAssigner(new BasePathBucketAssigner()).build());
 */
export class FileSink<T> implements Sink<T> {
  #path: string;
  readonly #settings: FileSinkSettings<T>;

  /** Sinks are made by {@link forRowFormat} and {@link forBulkFormat}. */
  constructor(path: string, settings: FileSinkSettings<T>) {
    this.#path = absolutePath(path, {});
    this.#settings = settings;
  }

  /** @param path without a scheme, a path of the local file system. */
  static forRowFormat<T>(path: string, encoder: Encoder<T>): FileSinkBuilder<T> {
    return new FileSinkBuilder<T>(path, { ...defaults<T>(), format: rowFormat(encoder) });
  }

  static forBulkFormat<T>(path: string, factory: BulkWriterFactory<T>): FileSinkBulkBuilder<T> {
    return new FileSinkBulkBuilder<T>(path, {
      ...defaults<T>(),
      format: bulkFormat(factory),
      rollingPolicy: OnCheckpointRollingPolicy.build(),
    });
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

  validate(): Promise<void> {
    this.#place();
    return Promise.resolve();
  }

  createWriter(context: SinkWriterContext, restored: readonly unknown[] = []): SinkWriter<T> {
    return new FileSinkWriter<T>(context, this.#place(), this.#settings, restored);
  }

  createCommitter(): Committer {
    return new FileCommitter(this.#place().recoverableWriter);
  }

  #place(): FileSinkPlace {
    const { fileSystem, path } = fileSystems.resolve(this.#path);
    const recoverableWriter = fileSystem.recoverableWriter?.();
    if (recoverableWriter === undefined) throw new RecoverableWritesUnsupportedError(path, fileSystem.scheme);
    return { fileSystem, recoverableWriter, basePath: path };
  }
}

function defaults<T>(): Omit<FileSinkSettings<T>, 'format'> {
  return {
    bucketAssigner: new DateTimeBucketAssigner<T>(),
    rollingPolicy: DefaultRollingPolicy.builder().build<T>(),
    bucketCheckIntervalMs: BUCKET_CHECK_INTERVAL_MS,
    partPrefix: 'part',
    partSuffix: '',
  };
}

/** What can be set of file sinks of all formats. */
export class FileSinkBulkBuilder<T> {
  constructor(
    protected readonly path: string,
    protected settings: FileSinkSettings<T>,
  ) {}

  withBucketAssigner(bucketAssigner: BucketAssigner<T>): this {
    return this.with({ bucketAssigner });
  }

  /** How often, by processing time, files are looked at that may have to end. By default a minute. */
  withBucketCheckInterval(interval: Duration): this {
    return this.with({ bucketCheckIntervalMs: durationOf(interval) });
  }

  withOutputFileConfig({ partPrefix = 'part', partSuffix = '' }: OutputFileConfig): this {
    return this.with({ partPrefix, partSuffix });
  }

  /** Of bulk formats, policies that end files at every checkpoint. */
  withRollingPolicy(rollingPolicy: OnCheckpointRollingPolicy<T>): this {
    return this.with({ rollingPolicy });
  }

  build(): FileSink<T> {
    return new FileSink<T>(this.path, this.settings);
  }

  protected with(changed: Partial<FileSinkSettings<T>>): this {
    this.settings = { ...this.settings, ...changed };
    return this;
  }
}

export class FileSinkBuilder<T> extends FileSinkBulkBuilder<T> {
  override withRollingPolicy(rollingPolicy: RollingPolicy<T>): this {
    return this.with({ rollingPolicy });
  }
}
