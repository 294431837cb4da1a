import type { Timer } from '#core';
import type { FinishStep, Sink, SinkWriter, SinkWriterContext } from '../connector/sink.js';

const BATCH_RECORDS = 1024;
const LONGEST_WAIT_MS = 50;
/** Batches on their way to the client at any time; the next one makes the writer blocked. */
const BATCHES_UNDER_WAY = 2;

/** Sends records to the client that waits for this job's results, in batches, never more than the client takes. */
export class CollectSink<T> implements Sink<T> {
  constructor(readonly collectorId: string) {}

  createWriter(context: SinkWriterContext): SinkWriter<T> {
    return new CollectWriter<T>(context, this.collectorId);
  }
}

class CollectWriter<T> implements SinkWriter<T> {
  readonly #context: SinkWriterContext;
  readonly #collectorId: string;
  readonly #underWay = new Set<Promise<void>>();
  #batch: T[] = [];
  #timer: Timer | undefined;

  constructor(context: SinkWriterContext, collectorId: string) {
    this.#context = context;
    this.#collectorId = collectorId;
  }

  get blocked(): boolean {
    return this.#underWay.size >= BATCHES_UNDER_WAY && this.#batch.length >= BATCH_RECORDS;
  }

  write(value: T): void {
    this.#batch.push(value);
    if (this.#batch.length >= BATCH_RECORDS) this.#sendIfFree();
    else this.#startWaiting();
  }

  async flush(): Promise<readonly FinishStep[]> {
    if (this.#batch.length > 0) this.#send();
    await Promise.all(this.#underWay);
    return [];
  }

  close(): void {
    this.#timer?.cancel();
    this.#batch = [];
  }

  #startWaiting(): void {
    this.#timer ??= this.#context.clock.setTimer(
      LONGEST_WAIT_MS,
      () => {
        this.#timer = undefined;
        this.#sendIfFree();
      },
      { background: true },
    );
  }

  #sendIfFree(): void {
    if (this.#batch.length > 0 && this.#underWay.size < BATCHES_UNDER_WAY) this.#send();
  }

  #send(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const batch = this.#batch;
    this.#batch = [];
    const sent = this.#context.sendToClient(this.#collectorId, batch).then(
      () => {
        this.#underWay.delete(sent);
        this.#sendIfFree();
        this.#context.wake();
      },
      (error: unknown) => {
        this.#underWay.delete(sent);
        this.#context.fail(error);
      },
    );
    this.#underWay.add(sent);
  }
}
