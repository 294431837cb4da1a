import type { Expiry } from '../heap/expiry.js';
import type { Cell } from '../heap/value-cell.js';
import type { Expiring } from '../heap/value-form.js';
import type { CurrentKey } from './current-key.js';
import type { ValueColumn } from './state-table.js';

/** The value of the current key. */
export class LsmCell implements Cell {
  constructor(
    private readonly current: CurrentKey,
    private readonly column: ValueColumn,
  ) {}

  get(): unknown {
    return this.column.get(this.current.slot, this.current.key);
  }

  set(value: unknown): void {
    this.column.set(this.current.slot, this.current.key, value);
  }

  clear(): void {
    this.column.set(this.current.slot, this.current.key, undefined);
  }
}

/** A value that is forgotten when it was not renewed for long. */
export class ExpiringLsmCell implements Cell {
  readonly #cell: LsmCell;

  constructor(
    current: CurrentKey,
    column: ValueColumn,
    private readonly expiry: Expiry,
  ) {
    this.#cell = new LsmCell(current, column);
  }

  get(): unknown {
    const expiring = this.#cell.get() as Expiring | undefined;
    if (expiring === undefined) return undefined;
    if (this.expiry.isOver(expiring)) {
      this.#cell.clear();
      return this.expiry.showsExpired ? expiring.value : undefined;
    }
    if (this.expiry.renewedByReading) this.set(expiring.value);
    return expiring.value;
  }

  set(value: unknown): void {
    this.#cell.set(this.expiry.wrap(value));
  }

  clear(): void {
    this.#cell.clear();
  }
}
