import type { TypeInfo } from '#core';
import type { ValueForm } from '../value-form.js';
import { ArenaStore } from './arena-store.js';
import { NumberStore } from './number-store.js';
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
  return !expires && NumberStore.holds(type) ? new NumberStore(type.kind, form) : new ArenaStore(form);
}
