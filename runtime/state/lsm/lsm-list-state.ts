import type { ListState } from '#api';
import { detached } from '../detach.js';
import type { Expiry } from '../heap/expiry.js';
import type { Expiring } from '../heap/value-form.js';
import type { CurrentKey } from './current-key.js';
import type { ValueColumn } from './state-table.js';

/** A list a key, kept as one value. Elements expire one by one. */
export class LsmListState implements ListState<unknown> {
  constructor(
    private readonly current: CurrentKey,
    private readonly column: ValueColumn,
    private readonly expiry: Expiry | undefined,
  ) {}

  get(): readonly unknown[] {
    const items = this.#items();
    if (items === undefined) return [];
    return this.expiry === undefined ? [...items] : this.#alive(items as Expiring[], this.expiry);
  }

  add(value: unknown): void {
    const items = this.#items();
    const item = this.#item(value);
    if (items === undefined) this.#set([item]);
    else {
      items.push(item);
      this.column.change(this.current.slot);
    }
  }

  addAll(values: Iterable<unknown>): void {
    for (const value of values) this.add(value);
  }

  update(values: Iterable<unknown>): void {
    const items = Array.from(values, (value) => this.#item(value));
    this.#set(items.length === 0 ? undefined : items);
  }

  clear(): void {
    this.#set(undefined);
  }

  #alive(items: Expiring[], expiry: Expiry): readonly unknown[] {
    const alive = items.filter((item) => !expiry.isOver(item));
    if (alive.length < items.length || expiry.renewedByReading) {
      const renewed = expiry.renewedByReading ? alive.map(({ value }) => expiry.wrap(value)) : alive;
      this.#set(alive.length === 0 ? undefined : renewed);
    }
    return (expiry.showsExpired ? items : alive).map(({ value }) => value);
  }

  #item(value: unknown): unknown {
    const kept = detached(value);
    return this.expiry === undefined ? kept : this.expiry.wrap(kept);
  }

  #items(): unknown[] | undefined {
    return this.column.get(this.current.slot, this.current.key) as unknown[] | undefined;
  }

  #set(items: unknown[] | undefined): void {
    this.column.set(this.current.slot, this.current.key, items);
  }
}
