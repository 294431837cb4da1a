import type { Committer, FinishStep, Sink, SinkWriter, SinkWriterContext } from '#api';
import { NO_CHECKPOINT } from '#api';
import type { StageCheckpoints } from '../chain/stage-checkpoints.js';
import type { OperatorListState, OperatorStateStore } from '../state/operator-state-store.js';
import type { FunctionCheckpoints } from './function-checkpoints.js';

const WRITER_STATE = 'writer-state';
const COMMITTABLES = 'committables';

/** What the writer handed over at a checkpoint and nobody has committed for certain. */
interface Handed {
  readonly checkpointId: number;
  readonly committable: unknown;
}

/**
 * A sink in one subtask: its writer, and what becomes of the writer's output as checkpoints come and go.
 *
 * ```
 * barrier n ─▶ writer.snapshot(n) ─▶ lists of the operator: writer-state, committables ─▶ in checkpoint n
 * n complete ───────────────────────────────────────────────▶ committer.commit(up to n) ─▶ out of the list
 * restored ─▶ committer.commit(all of the list) ─▶ createWriter(writer-state) ─▶ open
 * ```
 */
export class SinkCheckpoints implements StageCheckpoints {
  readonly writer: SinkWriter<unknown>;
  readonly needsFinalCheckpoint: boolean;
  readonly snapshotsBesideRecords: boolean;
  readonly #committer: Committer | undefined;
  readonly #writerState: OperatorListState<unknown>;
  readonly #committables: OperatorListState<Handed>;

  /** @param fn the sink's function, when it takes part in checkpoints. */
  constructor(
    sink: Sink<unknown>,
    context: SinkWriterContext,
    operatorState: OperatorStateStore,
    private readonly fn: FunctionCheckpoints | undefined,
  ) {
    this.#writerState = operatorState.list(WRITER_STATE, 'split');
    this.#committables = operatorState.list(COMMITTABLES, 'split');
    this.#committer = sink.createCommitter?.(context);
    this.writer = sink.createWriter(context, this.#writerState.get());
    this.needsFinalCheckpoint = this.writer.snapshot !== undefined && this.#committer !== undefined;
    this.snapshotsBesideRecords = fn === undefined;
  }

  /** Commits what the restored checkpoint holds before the writer is opened, which may clean up what is not committed. */
  async open(): Promise<void> {
    await this.#committer?.open?.();
    await this.#commit(() => true, true);
    await this.fn?.initialize();
    await this.writer.open?.();
  }

  async snapshot(checkpointId: number, timestampMs: number): Promise<void> {
    if (this.writer.snapshot === undefined) await this.writer.flush(false);
    else await this.#handOver(checkpointId);
    await this.fn?.snapshot(checkpointId, timestampMs);
  }

  async completed(checkpointId: number): Promise<void> {
    await this.#commit((handed) => handed.checkpointId <= checkpointId, false);
    await this.fn?.completed(checkpointId);
  }

  aborted(checkpointId: number): void | Promise<void> {
    return this.fn?.aborted(checkpointId);
  }

  async finish(): Promise<readonly FinishStep[]> {
    if (!this.needsFinalCheckpoint) return [];
    await this.#handOver(NO_CHECKPOINT);
    const steps = this.#committer?.finishSteps?.(this.#committables.get().map(({ committable }) => committable));
    if (steps !== undefined) return steps;
    await this.#commit(() => true, false);
    return [];
  }

  async close(): Promise<void> {
    try {
      await this.writer.close();
    } finally {
      await this.#committer?.close?.();
    }
  }

  async #handOver(checkpointId: number): Promise<void> {
    const snapshot = await this.writer.snapshot?.(checkpointId);
    if (snapshot === undefined) return;
    this.#writerState.update(snapshot.state);
    this.#committables.addAll(snapshot.committables.map((committable) => ({ checkpointId, committable })));
  }

  async #commit(isDue: (handed: Handed) => boolean, restored: boolean): Promise<void> {
    const due = new Set(this.#committables.get().filter(isDue));
    if (due.size === 0) return;
    const oldestFirst = [...due].sort((a, b) => a.checkpointId - b.checkpointId);
    await this.#committer?.commit(
      oldestFirst.map(({ committable }) => committable),
      { restored },
    );
    // more may have been handed over meanwhile
    this.#committables.update(this.#committables.get().filter((handed) => !due.has(handed)));
  }
}
