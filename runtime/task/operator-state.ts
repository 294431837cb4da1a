import { type FlinkError, invariant } from '#core';
import type { Split } from '#api';
import type { Stage } from '../chain/stage.js';
import type { CheckpointOptions, OperatorSnapshot } from '../checkpoint/handles.js';
import type { KeyedStateBackend } from '../state/keyed-state-backend.js';
import type { OperatorStateStore } from '../state/operator-state-store.js';
import type { SnapshotStorage } from '../state/snapshot-storage.js';
import type { SourceInput } from './source-input.js';
import type { CheckpointedOperator } from './subtask-checkpoints.js';

/** The lists of a source. */
const SPLITS = 'splits';
const ENUMERATOR = 'enumerator';

/** What an operator's state is made of. */
export interface OperatorStateParts {
  readonly operatorId: string;
  /** Of operators on keyed input. */
  readonly keyed: KeyedStateBackend | undefined;
  readonly lists: OperatorStateStore;
  explain(error: unknown): FlinkError;
}

/** The state of one operator of a subtask, and its part in checkpoints. */
export class OperatorState implements CheckpointedOperator {
  readonly operatorId: string;
  readonly lists: OperatorStateStore;
  readonly #keyed: KeyedStateBackend | undefined;
  #stage: Stage | undefined;
  #input: SourceInput | undefined;
  /** What the stage still does for the snapshot at hand, beside the records. */
  #beside: Promise<void> | undefined;

  constructor(private readonly parts: OperatorStateParts) {
    this.operatorId = parts.operatorId;
    this.lists = parts.lists;
    this.#keyed = parts.keyed;
  }

  get keyed(): KeyedStateBackend {
    invariant(this.#keyed !== undefined, 'only operators on keyed input have keyed state');
    return this.#keyed;
  }

  get isKeyed(): boolean {
    return this.#keyed !== undefined;
  }

  /** The stage that the operator became. */
  attach(stage: Stage): void {
    this.#stage = stage;
  }

  /** The input of a source: what is left to read is its state. A restored one goes on with that. */
  read(input: SourceInput, restored: boolean): void {
    this.#input = input;
    if (restored) input.addSplits(this.lists.list<Split>(SPLITS, 'split').get());
  }

  /** What the enumerator of the source had. */
  get enumerator(): readonly unknown[] {
    return this.lists.list(ENUMERATOR, 'union').get();
  }

  explain(error: unknown): FlinkError {
    return this.parts.explain(error);
  }

  prepare(checkpointId: number, timestampMs: number): Promise<void> | undefined {
    const checkpoints = this.#stage?.checkpoints;
    this.#noteSplits(checkpointId);
    const work = checkpoints?.snapshot(checkpointId, timestampMs);
    if (!(work instanceof Promise)) return undefined;
    if (checkpoints?.snapshotsBesideRecords !== true) return work;
    this.#beside = work;
    // Awaited when it is written; until then its failure is nobody's.
    work.catch(() => undefined);
    return undefined;
  }

  #noteSplits(checkpointId: number): void {
    const splits = this.#input?.snapshot();
    if (splits !== undefined) this.lists.list<Split>(SPLITS, 'split').update(splits);
    const enumerator = this.#input?.enumeratorSnapshot(checkpointId) ?? [];
    if (enumerator.length > 0 || this.enumerator.length > 0) this.lists.list(ENUMERATOR, 'union').update(enumerator);
  }

  snapshot(
    checkpointId: number,
    { full, completedCheckpointId }: CheckpointOptions,
  ): (storage: SnapshotStorage) => Promise<OperatorSnapshot> {
    // The news may still be on its way; the snapshot must not refer to anything older.
    this.#keyed?.confirm(completedCheckpointId);
    const keyed = this.#keyed?.inUse === true ? this.#keyed.snapshot(checkpointId, { full }) : undefined;
    const beside = this.#beside;
    this.#beside = undefined;
    const lists = beside === undefined ? this.lists.snapshot() : undefined;
    return async (storage) => {
      const written = keyed?.write(storage);
      written?.catch(() => undefined);
      await beside;
      const list = await (lists ?? this.lists.snapshot())(storage);
      const handle = await written;
      return handle === undefined ? { lists: list } : { keyed: handle, lists: list };
    };
  }

  async completed(checkpointId: number): Promise<void> {
    this.#keyed?.confirm(checkpointId);
    await this.#stage?.checkpoints?.completed(checkpointId);
  }

  savepointCompleted(checkpointId: number): void {
    this.#keyed?.abort(checkpointId);
  }

  async aborted(checkpointId: number): Promise<void> {
    this.#keyed?.abort(checkpointId);
    await this.#stage?.checkpoints?.aborted(checkpointId);
  }

  async close(): Promise<void> {
    await this.#keyed?.close();
  }
}
