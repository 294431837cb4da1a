import { InvalidProgramError } from '../errors.js';
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../state/descriptors.js';
import type { AggregatingState, ListState, MapState, ReducingState, ValueState } from '../state/state.js';
import type { Window } from './windows.js';

/** What is to be done with a window: nothing; give its result out; forget its contents; both. */
export const TriggerResult = { CONTINUE: 'CONTINUE', FIRE: 'FIRE', PURGE: 'PURGE', FIRE_AND_PURGE: 'FIRE_AND_PURGE' } as const;
export type TriggerResult = keyof typeof TriggerResult;

/** State that belongs to a key and a window. */
export interface PartitionedState {
  getPartitionedState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T>;
  getPartitionedState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  getPartitionedState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V>;
  getPartitionedState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T>;
  getPartitionedState<I, A, O>(descriptor: AggregatingStateDescriptor<I, A, O>): AggregatingState<I, O>;
}

/** Time, timers and state of the key and window at hand. */
export interface TriggerContext extends PartitionedState {
  /** ms since 1970 UTC. */
  readonly currentProcessingTime: number;
  /** `MIN_WATERMARK` before the first. */
  readonly currentWatermark: number;
  /** Has `onEventTime` called when the watermark reaches `time`. */
  registerEventTimeTimer(time: number): void;
  /** Has `onProcessingTime` called when processing time has passed `time`. */
  registerProcessingTimeTimer(time: number): void;
  deleteEventTimeTimer(time: number): void;
  deleteProcessingTimeTimer(time: number): void;
}

/** As {@link TriggerContext}, when windows have become one. */
export interface OnMergeContext extends TriggerContext {
  /** Gives the window what the state was in the windows it is made of. */
  mergePartitionedState<T>(descriptor: ListStateDescriptor<T>): void;
  mergePartitionedState<T>(descriptor: ReducingStateDescriptor<T>): void;
  mergePartitionedState<I, A, O>(descriptor: AggregatingStateDescriptor<I, A, O>): void;
}

/**
 * Decides when the result of a window is given out. One object serves all keys and windows: what it remembers it keeps in partitioned
 * state.
 */
export abstract class Trigger<in T, in W extends Window> {
  declare protected readonly types: (value: T, window: W) => void;

  abstract onElement(element: T, timestamp: number, window: W, context: TriggerContext): TriggerResult;
  /** Also called when the time of the window is over and it is about to be forgotten. */
  abstract onEventTime(time: number, window: W, context: TriggerContext): TriggerResult;
  abstract onProcessingTime(time: number, window: W, context: TriggerContext): TriggerResult;
  /** The window is forgotten: removes timers and state. */
  abstract clear(window: W, context: TriggerContext): void;

  /** Whether it works for windows that merge, as sessions do. */
  readonly canMerge: boolean = false;

  /** Windows have become this one. */
  onMerge(_window: W, _context: OnMergeContext): void {
    throw new InvalidProgramError('This trigger does not support merging.', 'Give the trigger "canMerge" and "onMerge".');
  }

  toString(): string {
    return `${this.constructor.name}()`;
  }
}
