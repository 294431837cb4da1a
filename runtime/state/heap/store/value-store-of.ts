import { invariant, type TypeInfo, ValueWriter } from '#core';
import type { ValueForm } from '../value-form.js';
import { ArenaStore } from './arena-store.js';
import { NumberRows } from './number-rows.js';
import { declaredNumberShape } from './number-shape.js';
import { UndeclaredValues } from './undeclared-values.js';
import type { ValueStore } from './value-store.js';

/** What the values of a state are, as far as it decides where they are kept. */
export interface StoredValues {
  /** Undefined: each tells its own. */
  readonly type: TypeInfo | undefined;
  readonly expires: boolean;
}

/** Values of a declared type are kept outside the heap of JavaScript. */
export function valueStoreOf({ type, expires }: StoredValues, form: ValueForm): ValueStore {
  if (type === undefined || type.kind === 'generic') return new UndeclaredValues(form).store();
  const shape = expires ? undefined : declaredNumberShape(type);
  return shape === undefined ? new ArenaStore(form) : new NumberRows(shape, form, refuse);
}

/** The form knows what to say of a value that is not of its type. */
function refuse(value: unknown, form: ValueForm): never {
  form.write(new ValueWriter(), value);
  invariant(false, 'a form refuses what is not of its type');
}
