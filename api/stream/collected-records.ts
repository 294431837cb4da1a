import type { StreamExecutionEnvironment } from '../environment/stream-execution-environment.js';
import type { JobClient } from '../graph/stream-graph.js';
import { CollectSink } from '../sinks/collect-sink.js';

/**
 * The records of a stream, as they come out of the job that the program runs next. To be read once; leaving the loop
 * early cancels the job, and a failure of the job is thrown after the records that came before it.
 */
export class CollectedRecords<T> implements AsyncIterable<T> {
  /** Where the job puts the records. */
  readonly sink: CollectSink<T>;
  readonly #client: Promise<JobClient>;

  constructor(environment: StreamExecutionEnvironment) {
    const collector = environment.newCollector();
    this.sink = new CollectSink<T>(collector.id);
    this.#client = collector.client;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    const client = await this.#client;
    let complete = false;
    try {
      for await (const value of client.collect(this.sink.collectorId)) yield value as T;
      complete = true;
    } finally {
      if (!complete) await client.cancel();
    }
    await client.result();
  }

  /** The first records, at most `limit` of them; then the job is cancelled if it still runs. */
  async take(limit: number): Promise<T[]> {
    const taken: T[] = [];
    if (limit <= 0) return taken;
    for await (const value of this) {
      taken.push(value);
      if (taken.length >= limit) break;
    }
    return taken;
  }
}
