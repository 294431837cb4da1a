import type { ValueForm } from '../value-form.js';
import { NumberRows } from './number-rows.js';
import { type NumberShape, numberShapeOf } from './number-shape.js';
import { ObjectStore } from './object-store.js';
import { SpareChunks } from './spare-chunks.js';
import { UndecidedStore } from './undecided-store.js';
import type { ValueStore } from './value-store.js';

/** How values of no declared type are kept: by the first one, as long as the others are like it. Shared by the tables of a state. */
export class UndeclaredValues {
  #shape: NumberShape | undefined;
  #objects = false;
  readonly #spare = new SpareChunks();

  constructor(private form: ValueForm) {}

  reform(form: ValueForm): void {
    this.form = form;
  }

  /** An empty store; like those before it, when there were some. */
  store(): ValueStore {
    if (this.#objects) return new ObjectStore(this.form);
    if (this.#shape === undefined) return new UndecidedStore(this, this.form);
    return new NumberRows(this.#shape, this.form, () => this.objects(), this.#spare);
  }

  /** An empty store for values like this one, the first. */
  storeFor(value: unknown): ValueStore {
    this.#shape = numberShapeOf(value);
    this.#objects ||= this.#shape === undefined;
    return this.store();
  }

  /** An empty store for values that are not all alike. */
  objects(): ValueStore {
    this.#objects = true;
    return this.store();
  }
}
