import { invariant } from '#core';
import type { OperatorRows, OperatorTable } from '../keyed-state-backend.js';
import { PREFIX_BYTES, readKey } from './entry-keys.js';
import type { LsmState } from './lsm-state.js';
import type { PendingChanges } from './snapshot-rounds.js';
import type { ColumnContext } from './state-table.js';

/**
 * A table that the operator keeps in memory: here are the marks of the rows that changed. They go to the store when there is a snapshot,
 * those that change again meanwhile first.
 */
export class LsmOperatorRows implements OperatorRows, PendingChanges {
  #table: OperatorTable | undefined;
  /** Marks of {@link Epoch}, by row. */
  #marks = new Uint8Array(1024);

  constructor(
    private readonly context: ColumnContext,
    private readonly state: LsmState,
  ) {}

  attach(table: OperatorTable): void {
    invariant(this.#table === undefined, 'an operator attaches its table once');
    this.#table = table;
    const { keyGroups, key, store } = this.context;
    for (let keyGroup = keyGroups.first; keyGroup <= keyGroups.last; keyGroup++) {
      const prefix = Buffer.from(key.beginGroup(keyGroup, this.state.id, 0).written());
      for (const cursor = store.scan(prefix); cursor.next();) {
        const { bytes, keyStart, valueStart, valueEnd } = cursor.entry;
        table.restore(readKey(bytes, keyStart + PREFIX_BYTES), this.state.form.decode(bytes, valueStart, valueEnd));
      }
    }
  }

  changing(row: number): void {
    if (row >= this.#marks.length) this.#grow(row);
    const { dirty, pending } = this.context.epoch;
    if ((this.#marks[row]! & pending) !== 0) this.#write(row);
    this.#marks[row] = dirty;
  }

  writePending(from: number, count: number): number {
    const { pending } = this.context.epoch;
    const size = this.#table?.size ?? 0;
    const end = Math.min(size, from + count);
    for (let row = from; row < end; row++) if ((this.#marks[row]! & pending) !== 0) this.#write(row);
    return end === size ? -1 : end;
  }

  #write(row: number): void {
    const table = this.#table!;
    const at = this.context.key.begin(table.keyAt(row), this.state.id, 0).written();
    const bytes = this.state.form.encode(table.valueAt(row));
    this.context.store.putLate(at, 0, at.length, bytes, 0, bytes.length);
    this.#marks[row] = 0;
  }

  #grow(row: number): void {
    const larger = new Uint8Array(Math.max(row + 1, this.#marks.length * 2));
    larger.set(this.#marks);
    this.#marks = larger;
  }
}
