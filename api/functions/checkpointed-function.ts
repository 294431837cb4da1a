import type { ListStateDescriptor, MapStateDescriptor } from '../state/descriptors.js';
import type { BroadcastState } from '../state/broadcast-state.js';
import type { ListState } from '../state/state.js';
import type { RuntimeContext } from './runtime-context.js';

/** State that belongs to a subtask of an operator, not to a key. Elements are plain data; lists of one name are one list. */
export interface OperatorStateAccess {
  /** When the job is restored each element goes to one subtask, evenly. */
  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  /** When the job is restored all elements go to every subtask. */
  getUnionListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  /** All subtasks hold the same, which is what makes it restorable at any parallelism. */
  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V>;
}

/** State of keys. Only for functions on keyed streams. */
export type KeyedStateAccess = Pick<
  RuntimeContext,
  'getState' | 'getListState' | 'getMapState' | 'getReducingState' | 'getAggregatingState'
>;

export interface FunctionSnapshotContext {
  readonly checkpointId: number;
  /** When the checkpoint was triggered, ms since 1970 UTC. */
  readonly checkpointTimestamp: number;
}

export interface FunctionInitializationContext {
  /** Whether there is state of an earlier attempt or job. */
  readonly isRestored: boolean;
  readonly restoredCheckpointId: number | undefined;
  getOperatorStateStore(): OperatorStateAccess;
  getKeyedStateStore(): KeyedStateAccess;
}

/**
 * A function of any kind, source or sink functions too, that takes part in checkpoints.
 *
 * @example
 * class Buffering implements RichSinkFunction<Order>, CheckpointedFunction {
 *   #orders: Order[] = [];
 *   #kept!: ListState<Order>;
 *   initializeState(context: FunctionInitializationContext) {
 *     this.#kept = context.getOperatorStateStore().getListState(new ListStateDescriptor<Order>('orders'));
 *     this.#orders.push(...this.#kept.get());
 *   }
 *   snapshotState() { this.#kept.update(this.#orders); }
 *   invoke(order: Order) { this.#orders.push(order); }
 * }
 */
export interface CheckpointedFunction {
  /** Before a checkpoint is taken: state is brought up to date. Records wait until a promise that it answers has ended. */
  snapshotState(context: FunctionSnapshotContext): void | Promise<void>;
  /** Before `open`, once for each attempt, whether something is restored or not. */
  initializeState(context: FunctionInitializationContext): void | Promise<void>;
}

/** A function whose state is a list. `CheckpointedFunction` can do more. */
export interface ListCheckpointed<T> {
  /** The elements of the state; they are divided evenly when the job is restored with another parallelism. */
  snapshotState(checkpointId: number, timestamp: number): readonly T[] | Promise<readonly T[]>;
  /** Before `open`, when there is something to restore. */
  restoreState(state: readonly T[]): void | Promise<void>;
}

/** A function that wants to hear what became of checkpoints. A call may be missing: a later checkpoint stands for earlier ones. */
export interface CheckpointListener {
  notifyCheckpointComplete(checkpointId: number): void | Promise<void>;
  notifyCheckpointAborted?(checkpointId: number): void | Promise<void>;
}
