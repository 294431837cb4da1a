import type { Committer, FinishStep, Sink, SinkSnapshot, SinkWriter, SinkWriterContext } from '../connector/sink.js';
import type { TwoPhaseCommitSinkFunction } from './two-phase-commit-sink-function.js';

/** A sink of transactions, on the contract of sinks with a committer. */
export class TwoPhaseCommitSink<T, X> implements Sink<T> {
  constructor(private readonly fn: TwoPhaseCommitSinkFunction<T, X>) {}

  createWriter(context: SinkWriterContext, restored: readonly unknown[] = []): SinkWriter<T> {
    return new TransactionWriter<T, X>(context, this.fn, restored as readonly X[]);
  }

  createCommitter(): Committer {
    const { fn } = this;
    return {
      async commit(committables, { restored }) {
        for (const transaction of committables as readonly X[]) {
          await (restored ? fn.recoverAndCommit(transaction) : fn.commit(transaction));
        }
      },
    };
  }

  checkpointed(): object {
    return this.fn;
  }
}

/** What waits for the call that is under way. */
type Waiting<T> =
  | { readonly kind: 'record'; readonly value: T; readonly timestamp: number }
  | { readonly kind: 'cut'; readonly done: (snapshot: SinkSnapshot) => void; readonly failed: (error: unknown) => void };

class TransactionWriter<T, X> implements SinkWriter<T> {
  /** The context given to every call; only its timestamp changes. */
  readonly #record = { timestamp: 0 };
  /** The few records that were on their way, and snapshots. */
  readonly #waiting: Waiting<T>[] = [];
  #transaction: { readonly handle: X } | undefined;
  #underWay: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #inputEnded = false;

  constructor(
    private readonly context: SinkWriterContext,
    private readonly fn: TwoPhaseCommitSinkFunction<T, X>,
    private readonly restored: readonly X[],
  ) {}

  get blocked(): boolean {
    return this.#underWay !== undefined;
  }

  async open(): Promise<void> {
    await this.fn.open?.(this.context);
    for (const transaction of this.restored) await this.fn.recoverAndAbort(transaction);
    this.#transaction = { handle: await this.fn.beginTransaction() };
  }

  write(value: T, timestamp: number): void {
    if (this.#underWay !== undefined) {
      this.#waiting.push({ kind: 'record', value, timestamp });
      return;
    }
    const answer = this.#invoke(value, timestamp);
    if (answer) this.#underWay = this.#workOff(answer);
  }

  async flush(endOfInput: boolean): Promise<readonly FinishStep[]> {
    await this.#underWay;
    if (this.#failure) throw this.#failure.error;
    this.#inputEnded ||= endOfInput;
    return [];
  }

  snapshot(): Promise<SinkSnapshot> {
    if (this.#failure) return Promise.reject(asError(this.#failure.error));
    return new Promise((done, failed) => {
      this.#waiting.push({ kind: 'cut', done, failed });
      this.#underWay ??= this.#workOff(Promise.resolve());
    });
  }

  async close(): Promise<void> {
    await this.#underWay;
    const transaction = this.#transaction;
    this.#transaction = undefined;
    try {
      if (transaction !== undefined) await this.fn.abort(transaction.handle);
    } finally {
      await this.fn.close?.();
    }
  }

  #invoke(value: T, timestamp: number): void | PromiseLike<void> {
    this.#record.timestamp = timestamp;
    if (this.#transaction !== undefined) return this.fn.invoke(this.#transaction.handle, value, this.#record);
  }

  /** Waits for the answer of one call, then does what came meanwhile, in order. */
  async #workOff(first: PromiseLike<void>): Promise<void> {
    try {
      await first;
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
        if (next.kind === 'record') await this.#invoke(next.value, next.timestamp);
        else await this.#cut(next);
      }
    } catch (error) {
      this.#failure = { error };
      for (const waiting of this.#waiting.splice(0)) if (waiting.kind === 'cut') waiting.failed(error);
      this.context.fail(error);
    }
    this.#underWay = undefined;
    this.context.wake();
  }

  /** Ends the transaction, and begins the next one unless no record can follow. */
  async #cut({ done, failed }: Extract<Waiting<T>, { kind: 'cut' }>): Promise<void> {
    try {
      const ended = this.#transaction;
      if (ended !== undefined) await this.fn.preCommit(ended.handle);
      // what fails from here on must not abort what is pre-committed
      this.#transaction = undefined;
      if (!this.#inputEnded) this.#transaction = { handle: await this.fn.beginTransaction() };
      done({ state: handlesOf(this.#transaction), committables: handlesOf(ended) });
    } catch (error) {
      failed(error);
      throw error;
    }
  }
}

function handlesOf<X>(transaction: { readonly handle: X } | undefined): readonly X[] {
  return transaction === undefined ? [] : [transaction.handle];
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new TypeError(String(error));
}
