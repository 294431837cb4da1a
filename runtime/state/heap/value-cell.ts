import type { CurrentKey } from './current-key.js';
import type { Expiry } from './expiry.js';
import type { SlotColumn } from './slot-column.js';
import type { Expiring } from './value-form.js';

/** The value of the current key. */
export interface Cell {
  get(): unknown;
  set(value: unknown): void;
  clear(): void;
}

export class ValueCell implements Cell {
  constructor(
    private readonly current: CurrentKey,
    private readonly column: SlotColumn,
  ) {}

  get(): unknown {
    const { slot } = this.current;
    return slot < 0 ? undefined : this.column.get(slot);
  }

  set(value: unknown): void {
    this.column.set(this.current.ensureSlot(), value);
  }

  clear(): void {
    const { slot } = this.current;
    if (slot >= 0) this.column.remove(slot);
  }
}

/** A value that is forgotten when it was not renewed for long. */
export class ExpiringCell implements Cell {
  constructor(
    private readonly current: CurrentKey,
    private readonly column: SlotColumn,
    private readonly expiry: Expiry,
  ) {
    column.expired = (value) => expiry.isOver(value as Expiring);
  }

  get(): unknown {
    const { slot } = this.current;
    const { column, expiry } = this;
    const expiring = slot < 0 ? undefined : (column.get(slot) as Expiring | undefined);
    if (expiring === undefined) return undefined;
    if (expiry.isOver(expiring)) {
      column.remove(slot);
      return expiry.showsExpired ? expiring.value : undefined;
    }
    if (expiry.renewedByReading) {
      column.change(slot);
      expiring.time = expiry.nowMs;
      column.set(slot, expiring);
    }
    return expiring.value;
  }

  set(value: unknown): void {
    this.column.set(this.current.ensureSlot(), this.expiry.wrap(value));
  }

  clear(): void {
    const { slot } = this.current;
    if (slot >= 0) this.column.remove(slot);
  }
}
