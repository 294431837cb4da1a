import type { ListState } from '#api';
import { detached } from '../detach.js';
import type { CurrentKey } from './current-key.js';
import type { Expiry } from './expiry.js';
import type { SlotColumn } from './slot-column.js';
import type { Expiring } from './value-form.js';

/** A list a key: an array in a column. */
export class HeapListState implements ListState<unknown> {
  constructor(
    private readonly current: CurrentKey,
    private readonly column: SlotColumn,
  ) {}

  get(): readonly unknown[] {
    const { slot } = this.current;
    const elements = slot < 0 ? undefined : (this.column.get(slot) as unknown[] | undefined);
    return elements === undefined ? [] : [...elements];
  }

  add(value: unknown): void {
    const slot = this.current.ensureSlot();
    const elements = this.column.get(slot) as unknown[] | undefined;
    if (elements === undefined) {
      this.column.set(slot, [value]);
      return;
    }
    this.column.change(slot);
    elements.push(detached(value));
  }

  addAll(values: Iterable<unknown>): void {
    for (const value of values) this.add(value);
  }

  update(values: Iterable<unknown>): void {
    const elements = Array.from(values);
    if (elements.length === 0) this.clear();
    else this.column.set(this.current.ensureSlot(), elements);
  }

  clear(): void {
    const { slot } = this.current;
    if (slot >= 0) this.column.remove(slot);
  }
}

/** A list a key, whose elements expire one by one. */
export class ExpiringListState implements ListState<unknown> {
  constructor(
    private readonly current: CurrentKey,
    private readonly column: SlotColumn,
    private readonly expiry: Expiry,
  ) {
    column.expired = (value) => (value as Expiring[]).every((element) => expiry.isOver(element));
  }

  get(): readonly unknown[] {
    const { slot } = this.current;
    const { column, expiry } = this;
    const elements = slot < 0 ? undefined : (column.get(slot) as Expiring[] | undefined);
    if (elements === undefined) return [];
    const alive = elements.filter((element) => !expiry.isOver(element));
    if (alive.length === 0) column.remove(slot);
    else if (alive.length < elements.length) column.set(slot, alive);
    if (expiry.renewedByReading && alive.length > 0) {
      column.change(slot);
      for (const element of alive) element.time = expiry.nowMs;
    }
    return (expiry.showsExpired ? elements : alive).map(({ value }) => value);
  }

  add(value: unknown): void {
    const slot = this.current.ensureSlot();
    const element = this.expiry.wrap(detached(value));
    const elements = this.column.get(slot) as Expiring[] | undefined;
    if (elements === undefined) {
      this.column.set(slot, [element]);
      return;
    }
    this.column.change(slot);
    elements.push(element);
  }

  addAll(values: Iterable<unknown>): void {
    for (const value of values) this.add(value);
  }

  update(values: Iterable<unknown>): void {
    this.clear();
    this.addAll(values);
  }

  clear(): void {
    const { slot } = this.current;
    if (slot >= 0) this.column.remove(slot);
  }
}
