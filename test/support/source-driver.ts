import { newJobId, silentLogger, systemClock, type Clock } from '#core';
import type { Source, SourceOutput, SourceReader, Split, SplitEnumerator } from '#api';

export interface SourceDriverOptions {
  readonly parallelism?: number;
  readonly clock?: Clock;
  /** Records a poll may emit. */
  readonly maxRecords?: number;
  /** Blocks the output after this number of records, until the next poll. */
  readonly blockAfter?: number;
  /** Takes this part of the splits in place of what the source finds: what a restored reader is given. */
  readonly restored?: readonly Split[];
  /** By subtask: the machine it runs on. */
  readonly hosts?: readonly string[];
}

class CollectingOutput<T> implements SourceOutput<T> {
  readonly records: T[] = [];
  readonly timestamps: (number | undefined)[] = [];
  blocked = false;
  #sincePoll = 0;

  constructor(readonly blockAfter: number) {}

  emit(value: T, timestamp?: number): void {
    this.records.push(value);
    this.timestamps.push(timestamp);
    this.blocked = ++this.#sincePoll >= this.blockAfter;
  }

  startPoll(): void {
    this.blocked = false;
    this.#sincePoll = 0;
  }
}

/** One subtask of a source: its real reader, polled as the runtime does, and its records. */
export class SourceSubtask<T> {
  readonly reader: SourceReader<T>;
  readonly abort = new AbortController();
  readonly output: CollectingOutput<T>;
  readonly #maxRecords: number;
  #woken = false;
  #wake: (() => void) | undefined;
  #failure: { readonly error: unknown } | undefined;
  status: 'more' | 'idle' | 'end' = 'more';

  constructor(source: Source<T>, subtaskIndex: number, options: SourceDriverOptions, requestSplit: () => void) {
    this.output = new CollectingOutput<T>(options.blockAfter ?? Infinity);
    this.#maxRecords = options.maxRecords ?? 1000;
    this.reader = source.createReader({
      subtaskIndex,
      parallelism: options.parallelism ?? 1,
      jobId: newJobId(),
      clock: options.clock ?? systemClock,
      logger: silentLogger,
      signal: this.abort.signal,
      wake: () => {
        this.wake();
      },
      requestSplit,
      fail: (error) => {
        this.#failure ??= { error };
        this.wake();
      },
    });
  }

  get records(): readonly T[] {
    return this.output.records;
  }

  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  /** Polls once, as soon as there is reason to. */
  async step(): Promise<void> {
    if (this.status === 'idle' && !this.#woken) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure) throw this.#failure.error;
    this.poll();
    if (this.status === 'more') {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }

  poll(): void {
    this.#woken = false;
    this.output.startPoll();
    this.status = this.reader.poll(this.output, this.#maxRecords);
  }

  /** Polls until the condition holds. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.step();
  }

  async toEnd(): Promise<readonly T[]> {
    await this.until(() => this.status === 'end');
    return this.records;
  }
}

/** Starts all subtasks of a source, with its enumerator if it has one. */
export async function startSource<T>(source: Source<T>, options: SourceDriverOptions = {}): Promise<SourceSubtask<T>[]> {
  const parallelism = options.parallelism ?? 1;
  const subtasks: SourceSubtask<T>[] = [];
  const abort = new AbortController();
  const enumerator: SplitEnumerator | undefined = options.restored
    ? undefined
    : source.createEnumerator?.({
        parallelism,
        logger: silentLogger,
        signal: abort.signal,
        hostOf: (subtask) => options.hosts?.[subtask],
        assign: (subtask, splits) => {
          subtasks[subtask]!.reader.addSplits?.(splits);
        },
        noMoreSplits: (subtask) => {
          subtasks[subtask]!.reader.noMoreSplits?.();
        },
        fail: (error) => {
          throw error;
        },
      });
  await enumerator?.start();
  for (let i = 0; i < parallelism; i++) {
    subtasks.push(
      new SourceSubtask<T>(source, i, options, () => {
        queueMicrotask(() => enumerator?.handleRequest(i));
      }),
    );
  }
  for (const { reader } of subtasks) {
    if (options.restored) reader.addSplits?.(options.restored);
    await reader.open?.();
    if (options.restored) reader.noMoreSplits?.();
  }
  return subtasks;
}

/** Runs a bounded source to its end; answers the records of each subtask. */
export async function runSource<T>(source: Source<T>, options: SourceDriverOptions = {}): Promise<(readonly T[])[]> {
  const subtasks = await startSource(source, options);
  try {
    return await Promise.all(subtasks.map((subtask) => subtask.toEnd()));
  } finally {
    for (const { reader } of subtasks) await reader.close?.();
  }
}
