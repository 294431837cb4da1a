import type { ValueReader } from '#core';
import type { ValueForm } from '../value-form.js';
import type { UndeclaredValues } from './undeclared-values.js';
import type { ValueStore } from './value-store.js';

/** Has nothing yet, and gives way to another store with the first value. */
export class UndecidedStore implements ValueStore {
  readonly keepsObjects = true;
  readonly end = 0;

  constructor(
    private readonly values: UndeclaredValues,
    private form: ValueForm,
  ) {}

  has(): boolean {
    return false;
  }

  get(): undefined {
    return undefined;
  }

  set(): boolean {
    return false;
  }

  instead(value: unknown): ValueStore {
    return this.values.storeFor(value);
  }

  delete(): void {
    // nothing is here
  }

  write(): void {
    // nothing is here
  }

  reform(form: ValueForm): void {
    this.form = form;
    this.values.reform(form);
  }

  read(reader: ValueReader): unknown {
    return this.form.read(reader);
  }
}
