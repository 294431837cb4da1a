import { invariant } from '#core';
import type { NamespacedState, NamespaceTable, OperatorRows, OperatorTable } from '../keyed-state-backend.js';

/** The table of an operator, which keeps it in memory: rows that changed go into the store when a snapshot begins. */
export class LsmOperatorRows implements OperatorRows {
  readonly #stored: NamespaceTable<unknown>;
  #changed = new Set<number>();
  #table: OperatorTable | undefined;

  constructor(state: NamespacedState<unknown>) {
    this.#stored = state.table(0);
  }

  attach(table: OperatorTable): void {
    invariant(this.#table === undefined, 'an operator attaches its table once');
    for (const cursor = this.#stored.cursor(); cursor.next();) table.restore(cursor.key, cursor.value);
    this.#table = table;
  }

  changing(row: number): void {
    if (this.#changed.has(row)) return;
    this.#changed.add(row);
    const table = this.#table;
    if (table === undefined || row >= table.size) return;
    const key = table.keyAt(row);
    const slot = key === undefined ? -1 : this.#stored.find(key);
    // The value may be changed in place: asking for it brings what a snapshot under way still needs to safety.
    if (slot >= 0) this.#stored.get(slot);
  }

  /** A snapshot is about to begin. */
  store(): void {
    const table = this.#table;
    if (table === undefined) return;
    for (const row of this.#changed) this.#stored.set(this.#stored.slotOf(table.keyAt(row)), table.valueAt(row));
    this.#changed = new Set();
  }
}
