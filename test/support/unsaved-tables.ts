import type { Namespace, NamespacedState, NamespaceTable, TableCursor } from '../../runtime/state/keyed-state-backend.js';
import { KeyTable } from '../../runtime/state/key-table.js';

/** Tables of values by reference, which nobody can snapshot: for benches of operators that are not to measure a backend. */
export class UnsavedTables<V> implements NamespacedState<V> {
  readonly #tables = new Map<string | number, { readonly namespace: Namespace; readonly table: UnsavedTable<V> }>();

  table(namespace: Namespace): NamespaceTable<V> {
    const name = nameOf(namespace);
    const known = this.#tables.get(name);
    if (known !== undefined) return known.table;
    const table = new UnsavedTable<V>();
    this.#tables.set(name, { namespace, table });
    return table;
  }

  existing(namespace: Namespace): NamespaceTable<V> | undefined {
    return this.#tables.get(nameOf(namespace))?.table;
  }

  drop(namespace: Namespace): void {
    this.#tables.delete(nameOf(namespace));
  }

  namespaces(): Iterable<Namespace> {
    return [...this.#tables.values()].map(({ namespace }) => namespace);
  }
}

function nameOf(namespace: Namespace): string | number {
  return typeof namespace === 'number' ? namespace : String(namespace);
}

class UnsavedTable<V> implements NamespaceTable<V> {
  readonly #slots = new KeyTable();
  readonly #keys: unknown[] = [];
  readonly #values: (V | undefined)[] = [];

  get size(): number {
    return this.#keys.length;
  }

  slotOf(key: unknown): number {
    const slot = this.#slots.slotOf(key);
    if (slot === this.#keys.length) {
      this.#keys.push(key);
      this.#values.push(undefined);
    }
    return slot;
  }

  /** Adds keys that are missing: tables are thrown away before that matters. */
  find(key: unknown): number {
    return this.slotOf(key);
  }

  get(slot: number): V | undefined {
    return this.#values[slot];
  }

  set(slot: number, value: V): void {
    this.#values[slot] = value;
  }

  remove(slot: number): void {
    this.#values[slot] = undefined;
  }

  keyAt(slot: number): unknown {
    return this.#keys[slot];
  }

  cursor(): TableCursor<V> {
    return new UnsavedCursor<V>(this.#keys, this.#values);
  }
}

class UnsavedCursor<V> implements TableCursor<V> {
  slot = -1;

  constructor(
    private readonly keys: readonly unknown[],
    private readonly values: readonly (V | undefined)[],
  ) {}

  next(): boolean {
    do this.slot++;
    while (this.slot < this.values.length && this.values[this.slot] === undefined);
    return this.slot < this.values.length;
  }

  get key(): unknown {
    return this.keys[this.slot];
  }

  get value(): V {
    return this.values[this.slot] as V;
  }
}
