import type { KeyedStateStore } from '#api';
import type { KeyedStateBackend } from '../state/keyed-state-backend.js';

/** The state of a key, whatever the window, under the names of window functions. */
export function backendStateStore(keyed: KeyedStateBackend): KeyedStateStore {
  return {
    getState: (descriptor) => keyed.valueState(descriptor),
    getListState: (descriptor) => keyed.listState(descriptor),
    getMapState: (descriptor) => keyed.mapState(descriptor),
    getReducingState: (descriptor) => keyed.reducingState(descriptor),
    getAggregatingState: (descriptor) => keyed.aggregatingState(descriptor),
  };
}
