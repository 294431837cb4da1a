import type { Committer, Sink, SinkWriter, SinkWriterContext } from '../../connector/sink.js';
import { type Duration, durationOf } from '../../time/duration.js';
import { BasePathBucketAssigner, type BucketAssigner, DateTimeBucketAssigner } from './bucket-assigner.js';
import { type Encoder, SimpleStringEncoder } from './encoder.js';
import { FileSink } from './file-sink.js';
import { DefaultRollingPolicy, type FileSize } from './rolling-policy.js';

const BATCH_SIZE_BYTES = 384 * 1024 * 1024;
const INACTIVE_MS = 60_000;
/** Files of the sink of Flink 1.4 do not end by their age. */
const NO_ROLLOVER_MS = Number.MAX_SAFE_INTEGER;

/** Flink 1.4's name for an encoder that writes lines. */
export const StringWriter = SimpleStringEncoder;
/** Flink 1.4's name for {@link DateTimeBucketAssigner}. */
export const DateTimeBucketer = DateTimeBucketAssigner;
/** Flink 1.4's name for {@link BasePathBucketAssigner}. */
export const BasePathBucketer = BasePathBucketAssigner;

/**
 * The bucketing file sink of Flink 1.4, for programs written for it: a {@link FileSink} with its settings and defaults. What is in
 * progress or pending is hidden and needs no prefixes or valid-length files of its own.
 *
 * @example
 * stream.addSink(new BucketingSink<string>('/data/out').setBucketer(new DateTimeBucketer('yyyy-MM-dd--HHmm')).setBatchSize('64 mb'));
 */
export class BucketingSink<T> implements Sink<T> {
  readonly #path: string;
  #bucketer: BucketAssigner<T> = new DateTimeBucketAssigner<T>();
  #writer: Encoder<T> = new SimpleStringEncoder<T>();
  #batchSize: FileSize = BATCH_SIZE_BYTES;
  #rolloverMs = NO_ROLLOVER_MS;
  #inactiveMs = INACTIVE_MS;
  #checkMs = INACTIVE_MS;
  #partPrefix = 'part';
  #partSuffix = '';
  #sink: FileSink<T> | undefined;

  constructor(basePath: string) {
    this.#path = basePath;
  }

  setBucketer(bucketer: BucketAssigner<T>): this {
    this.#bucketer = bucketer;
    return this;
  }

  setWriter(writer: Encoder<T>): this {
    this.#writer = writer;
    return this;
  }

  /** A file ends when it is larger; by default 384 MB. */
  setBatchSize(batchSize: FileSize): this {
    this.#batchSize = batchSize;
    return this;
  }

  /** A file ends when it is older; by default never for that. */
  setBatchRolloverInterval(interval: Duration): this {
    this.#rolloverMs = durationOf(interval);
    return this;
  }

  /** A file ends when nothing has come for so long; by default a minute. */
  setInactiveBucketThreshold(threshold: Duration): this {
    this.#inactiveMs = durationOf(threshold);
    return this;
  }

  setInactiveBucketCheckInterval(interval: Duration): this {
    this.#checkMs = durationOf(interval);
    return this;
  }

  setPartPrefix(prefix: string): this {
    this.#partPrefix = prefix;
    return this;
  }

  setPartSuffix(suffix: string): this {
    this.#partSuffix = suffix;
    return this;
  }

  shipped(): readonly unknown[] {
    return this.#asFileSink().shipped();
  }

  adoptShipped(values: readonly unknown[]): void {
    this.#asFileSink().adoptShipped(values);
  }

  scratch(jobId: SinkWriterContext['jobId']): readonly string[] {
    return this.#asFileSink().scratch(jobId);
  }

  validate(): Promise<void> {
    return this.#asFileSink().validate();
  }

  createWriter(context: SinkWriterContext, restored: readonly unknown[] = []): SinkWriter<T> {
    return this.#asFileSink().createWriter(context, restored);
  }

  createCommitter(): Committer {
    return this.#asFileSink().createCommitter();
  }

  /** Made when the program is complete: settings count no more then. */
  #asFileSink(): FileSink<T> {
    const policy = DefaultRollingPolicy.builder()
      .withMaxPartSize(this.#batchSize)
      .withRolloverInterval(this.#rolloverMs)
      .withInactivityInterval(this.#inactiveMs);
    this.#sink ??= FileSink.forRowFormat<T>(this.#path, this.#writer)
      .withBucketAssigner(this.#bucketer)
      .withRollingPolicy(policy.build<T>())
      .withBucketCheckInterval(this.#checkMs)
      .withOutputFileConfig({ partPrefix: this.#partPrefix, partSuffix: this.#partSuffix })
      .build();
    return this.#sink;
  }
}
