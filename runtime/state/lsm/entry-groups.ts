import { endOfKey, PREFIX_BYTES, SERIAL_BYTES, stateAt } from './entry-keys.js';
import type { GroupLength } from './key-bytes.js';
import type { LsmStates } from './lsm-states.js';

/** What is scanned together: the entries of a map, and those of a namespace in a key group. */
export function entryGroups(states: LsmStates): GroupLength {
  return (bytes, from, to) => {
    const state = states.byId(stateAt(bytes, from));
    if (state?.namespaced === true) return PREFIX_BYTES + SERIAL_BYTES;
    return state?.spec.kind === 'map' ? endOfKey(bytes, from + PREFIX_BYTES) - from : to - from;
  };
}
