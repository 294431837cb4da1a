import type { OperatorHost } from '../operators/operator-host.js';
import type { OperatorListState } from '../state/operator-state-store.js';

/** Of the key groups from first to last, windows have fired up to a time. */
type Entry = readonly [first: number, last: number, ms: number];

/**
 * Up to which time of the clock windows have fired. It is part of the operator's state: a window that shares slices with later ones leaves
 * no other trace of it.
 */
export class FiredUntil {
  readonly #kept: OperatorListState<Entry>;
  readonly #range: readonly [first: number, last: number];
  /** ms since 1970 UTC; -Infinity when none has fired, as far as is known of all key groups that are here. */
  readonly restored: number;

  constructor({ operatorState, keyed }: OperatorHost) {
    this.#kept = operatorState.list<Entry>('fired-until', 'union');
    const { first, last } = keyed.keyGroups;
    this.#range = [first, last];
    const here = this.#kept.get().filter((entry) => entry[0] <= last && entry[1] >= first);
    this.restored = here.length === 0 ? -Infinity : Math.min(...here.map(([, , ms]) => ms));
    this.note(this.restored);
  }

  note(ms: number): void {
    this.#kept.update([[...this.#range, ms]]);
  }
}
