import type { StreamInput } from '../graph/operation.js';
import type { MapStateDescriptor } from '../state/descriptors.js';

/** A descriptor of a broadcast state, of whatever types. */
export type BroadcastStateDescriptor = Pick<MapStateDescriptor<unknown, unknown>, 'kind' | 'name'>;

/** A stream whose records reach every subtask, to be connected with another one; it names the broadcast states they may change. */
export class BroadcastStream<T> {
  declare protected readonly recordType: T;

  /** Made by `broadcast` with descriptors. */
  constructor(
    readonly inputs: readonly StreamInput[],
    readonly states: readonly BroadcastStateDescriptor[],
  ) {}
}
