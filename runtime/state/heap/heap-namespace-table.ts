import type { NamespaceTable, TableCursor, ValueParts } from '../keyed-state-backend.js';
import type { NumberKeys } from '../number-keys.js';
import { KeyDirectory } from './key-directory.js';
import { SlotColumn } from './slot-column.js';
import { SingleUses } from './slot-uses.js';
import type { ValueStore } from './store/value-store.js';

/** The values of one namespace, with slots of its own. */
export class HeapNamespaceTable implements NamespaceTable<unknown> {
  readonly column: SlotColumn;
  readonly #keys: KeyDirectory;
  #size = 0;

  constructor(
    maxParallelism: number,
    state: number,
    readonly serial: number,
    store: ValueStore,
    spare?: NumberKeys,
  ) {
    this.#keys = new KeyDirectory(maxParallelism, new SingleUses(), spare);
    this.column = new SlotColumn(this.#keys, { state, serial }, store);
  }

  get size(): number {
    return this.#size;
  }

  slotOf(key: unknown): number {
    return this.#keys.slotOf(key);
  }

  find(key: unknown): number {
    const slot = this.#keys.find(key);
    return slot >= 0 && this.column.has(slot) ? slot : -1;
  }

  prefetch(keys: Float64Array, count: number): Int32Array {
    const slots = this.#keys.findAll(keys, count);
    this.column.prefetch(slots, count);
    return slots;
  }

  prefetchSlots(slots: Int32Array, count: number): void {
    this.#keys.prefetch(slots, count);
    this.column.prefetch(slots, count);
  }

  get(slot: number): unknown {
    return this.column.get(slot);
  }

  set(slot: number, value: unknown): void {
    if (this.column.set(slot, value)) this.#size++;
  }

  remove(slot: number): void {
    if (this.column.has(slot)) {
      this.#size--;
      this.column.remove(slot);
    } else this.#keys.offer(slot);
    this.#keys.sweep();
  }

  keyAt(slot: number): unknown {
    return this.#keys.keyAt(slot);
  }

  /** To be called when it is used no more: answers what may serve another. */
  retire(): NumberKeys | undefined {
    // one under way still writes what was here
    if (this.column.part.writing) return undefined;
    this.column.retire();
    return this.#keys.retire();
  }

  get parts(): ValueParts | undefined {
    return this.column.parts;
  }

  cursor(): TableCursor<unknown> {
    return new ColumnCursor(this.#keys, this.column);
  }
}

class ColumnCursor implements TableCursor<unknown> {
  slot = -1;

  constructor(
    private readonly keys: KeyDirectory,
    private readonly column: SlotColumn,
  ) {}

  next(): boolean {
    const next = this.column.next(this.slot + 1);
    if (next < 0) return false;
    this.slot = next;
    return true;
  }

  get key(): unknown {
    return this.keys.keyAt(this.slot);
  }

  get value(): unknown {
    return this.column.get(this.slot);
  }
}
