import { FlinkError } from '#core';
import type { CheckpointOptions } from '../checkpoint/handles.js';

type Stop = NonNullable<CheckpointOptions['stop']>;

/** The savepoint with which a job was to end did not come about, after its windows had fired. */
export class DrainFailedError extends FlinkError {
  constructor(readonly checkpointId: number) {
    super({
      code: 'DRAIN_FAILED',
      message: `savepoint ${checkpointId}, with which the job was to be drained, could not be completed`,
      action: 'See why in the history of checkpoints; stop the job again when it runs.',
      blame: 'external',
      retriable: true,
    });
  }
}

/**
 * How a subtask ends with a savepoint. From its snapshot on it stands still until all subtasks have theirs: then it ends, and nothing of
 * what it did later is outside. Without the savepoint it goes on, as if nothing had been asked.
 *
 * ```
 *   barrier ──▶ holds ──▶ complete: the sources end, and with them everything behind them
 *                 └─────▶ aborted: goes on; of a drain, whose last watermark is out already, the job fails
 * ```
 */
export class Stopping {
  #asked: { readonly checkpointId: number; readonly stop: Stop } | undefined;
  #complete = false;

  /** @param end no more is read; `drain`: time has come to its end. */
  constructor(private readonly end: (drain: boolean) => void) {}

  /** Nothing is to be read, fired or emitted for now. */
  get holds(): boolean {
    return this.#asked !== undefined && !this.#complete;
  }

  /** The end of input is no end for the operators: what they hold is in the savepoint, to go on with. */
  get suspended(): boolean {
    return this.#complete && this.#asked?.stop === 'suspend';
  }

  ask(checkpointId: number, stop: Stop): void {
    this.#asked = { checkpointId, stop };
  }

  completed(checkpointId: number): void {
    if (this.#asked?.checkpointId !== checkpointId || this.#complete) return;
    this.#complete = true;
    this.end(this.#asked.stop === 'drain');
  }

  /** Answers what the subtask fails with. */
  aborted(checkpointId: number): DrainFailedError | undefined {
    if (this.#asked?.checkpointId !== checkpointId || this.#complete) return undefined;
    const { stop } = this.#asked;
    this.#asked = undefined;
    return stop === 'drain' ? new DrainFailedError(checkpointId) : undefined;
  }
}
