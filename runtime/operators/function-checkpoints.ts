import type {
  BroadcastState,
  CheckpointedFunction,
  CheckpointListener,
  FinishStep,
  FunctionInitializationContext,
  KeyedStateAccess,
  ListCheckpointed,
  ListState,
  ListStateDescriptor,
  MapStateDescriptor,
  OperatorStateAccess,
} from '#api';
import type { StageCheckpoints } from '../chain/stage-checkpoints.js';
import type { OperatorStateStore } from '../state/operator-state-store.js';
import { BroadcastStates } from './broadcast-states.js';

/** The name under which Flink keeps the list of a `ListCheckpointed` function. */
const LIST_CHECKPOINTED = '_default_';

type Hooks = Partial<CheckpointedFunction & ListCheckpointed<unknown> & CheckpointListener>;

/** Where a function's state is. */
export interface FunctionStates {
  readonly operatorState: OperatorStateStore;
  readonly keyedState: KeyedStateAccess;
  readonly restoredCheckpointId: number | undefined;
}

/**
 * Has a function of the program take part in checkpoints: `CheckpointedFunction`, `ListCheckpointed` and `CheckpointListener` in any
 * combination, and the broadcast state it asked for. Any object will do: one without these methods takes no part.
 */
export class FunctionCheckpoints implements StageCheckpoints, OperatorStateAccess {
  readonly snapshotsBesideRecords = false;
  readonly needsFinalCheckpoint = false;
  readonly broadcast: BroadcastStates;
  readonly #hooks: Hooks;

  constructor(
    fn: object,
    private readonly states: FunctionStates,
  ) {
    this.#hooks = fn;
    this.broadcast = BroadcastStates.of(states.operatorState);
  }

  /** Whether the function has any part in checkpoints. */
  static takesPart(fn: object): boolean {
    const hooks: Hooks = fn;
    return hooks.snapshotState !== undefined || hooks.notifyCheckpointComplete !== undefined;
  }

  /** To be called before the function is opened. */
  async initialize(): Promise<void> {
    const { initializeState, restoreState } = this.#hooks;
    if (initializeState !== undefined) await initializeState.call(this.#hooks, this.#initialization());
    else if (restoreState !== undefined && this.states.restoredCheckpointId !== undefined) {
      await restoreState.call(this.#hooks, this.#list().get());
    }
  }

  snapshot(checkpointId: number, timestampMs: number): void | Promise<void> {
    this.broadcast.save();
    const { snapshotState } = this.#hooks;
    if (snapshotState === undefined) return undefined;
    const answer =
      this.#hooks.initializeState === undefined
        ? this.#snapshotList(checkpointId, timestampMs)
        : (snapshotState as CheckpointedFunction['snapshotState']).call(this.#hooks, { checkpointId, checkpointTimestamp: timestampMs });
    return answer === undefined
      ? undefined
      : answer.then(() => {
          this.broadcast.save();
        });
  }

  completed(checkpointId: number): void | Promise<void> {
    return this.#hooks.notifyCheckpointComplete?.(checkpointId);
  }

  aborted(checkpointId: number): void | Promise<void> {
    return this.#hooks.notifyCheckpointAborted?.(checkpointId);
  }

  finish(): Promise<readonly FinishStep[]> {
    return Promise.resolve([]);
  }

  getListState<T>({ name }: ListStateDescriptor<T>): ListState<T> {
    return this.states.operatorState.list<T>(name, 'split');
  }

  getUnionListState<T>({ name }: ListStateDescriptor<T>): ListState<T> {
    return this.states.operatorState.list<T>(name, 'union');
  }

  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V> {
    return this.broadcast.get(descriptor);
  }

  #initialization(): FunctionInitializationContext {
    const { restoredCheckpointId, keyedState } = this.states;
    return {
      isRestored: restoredCheckpointId !== undefined,
      restoredCheckpointId,
      getOperatorStateStore: () => this,
      getKeyedStateStore: () => keyedState,
    };
  }

  #list(): ListState<unknown> {
    return this.states.operatorState.list(LIST_CHECKPOINTED, 'split');
  }

  #snapshotList(checkpointId: number, timestampMs: number): void | Promise<void> {
    const snapshotState = this.#hooks.snapshotState as ListCheckpointed<unknown>['snapshotState'];
    const elements = snapshotState.call(this.#hooks, checkpointId, timestampMs);
    if (!(elements instanceof Promise)) {
      this.#list().update(elements);
      return undefined;
    }
    return elements.then((answered) => {
      this.#list().update(answered);
    });
  }
}
