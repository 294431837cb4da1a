import type { SinkFunctionContext, SinkRecordContext } from './function-sink.js';

/**
 * Takes records out of the program exactly once, by transactions of an outside system: to be extended, and given to `addSink`.
 *
 * A transaction collects the records between two checkpoints. It is pre-committed when the checkpoint is taken, and committed when the
 * checkpoint is complete; what is pre-committed must never be lost. After a failure the transactions of the restored checkpoint are
 * committed by `recoverAndCommit`, those begun after it aborted by `recoverAndAbort`. At the end of the input the last one is committed
 * with a final checkpoint, or, in a job without checkpoints, when the subtask ends.
 *
 * A transaction is plain data, as it is kept in checkpoints: an id, a file's name. The calls come one at a time; while one answers a
 * promise, records wait.
 */
export abstract class TwoPhaseCommitSinkFunction<T, X> {
  open?(context: SinkFunctionContext): void | Promise<void>;
  close?(): void | Promise<void>;

  abstract beginTransaction(): X | Promise<X>;
  abstract invoke(transaction: X, value: T, context: SinkRecordContext): void | PromiseLike<void>;
  /** Brings out all of the transaction, so that `commit` cannot fail for want of it. No record follows for this transaction. */
  abstract preCommit(transaction: X): void | Promise<void>;
  /** Makes it visible. May be called again for one that is committed. When it fails, the job is restored and it is tried again. */
  abstract commit(transaction: X): void | Promise<void>;
  /** Gives up a transaction that was not pre-committed. */
  abstract abort(transaction: X): void | Promise<void>;

  /** Commits a transaction of an attempt that was lost, committed already or not. */
  recoverAndCommit(transaction: X): void | Promise<void> {
    return this.commit(transaction);
  }

  /** Aborts a transaction of an attempt that was lost, aborted already or not. */
  recoverAndAbort(transaction: X): void | Promise<void> {
    return this.abort(transaction);
  }
}
