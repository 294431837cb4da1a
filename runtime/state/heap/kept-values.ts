import { type TypeInfo, typeFromJson, typeName, typeToJson } from '#core';
import type { StateMeta } from '../../checkpoint/handles.js';
import type { SegmentEntry } from '../segment/segment-reader.js';
import type { KeyDirectory } from './key-directory.js';
import type { KeptState } from './kept-state.js';
import { MapColumn } from './map-column.js';
import { SlotColumn } from './slot-column.js';
import type { SnapshotPart } from './snapshot-part.js';
import { ObjectStore } from './store/object-store.js';
import type { ValueStore } from './store/value-store.js';
import { valueStoreOf } from './store/value-store-of.js';
import { evolve, type Evolution, Incompatible } from './type-evolution.js';
import { type Expiring, expiringForm, formOf, listForm, type ValueForm } from './value-form.js';

export type ValuesKind = 'value' | 'list' | 'map' | 'reducing' | 'aggregating';

/** A state as it is declared, or was stored. */
export interface ValuesSpec {
  readonly name: string;
  readonly kind: ValuesKind;
  /** Of values, elements, or accumulators; undefined: each tells its own. */
  readonly type: TypeInfo | undefined;
  readonly subKeyType: TypeInfo | undefined;
  /** Whether each has the time of its last renewal with it. */
  readonly expires: boolean;
}

export function specOfMeta(meta: StateMeta): ValuesSpec {
  return {
    name: meta.name,
    kind: meta.kind as ValuesKind,
    type: meta.type === undefined ? undefined : typeFromJson(meta.type),
    subKeyType: meta.subKeyType === undefined ? undefined : typeFromJson(meta.subKeyType),
    expires: meta.expires === true,
  };
}

const GENERIC: TypeInfo = { kind: 'generic' };

export function describeSpec({ kind, type, subKeyType }: ValuesSpec): string {
  const types = [...(kind === 'map' ? [subKeyType ?? GENERIC] : []), type ?? GENERIC];
  return `${kind} state of ${types.map(typeName).join(', ')}`;
}

/** The values of a value, list, map, reducing or aggregating state of all keys. */
export class KeptValues implements KeptState {
  readonly column: SlotColumn | MapColumn;
  readonly #keys: KeyDirectory;
  #spec: ValuesSpec;
  #form: ValueForm;

  constructor(keys: KeyDirectory, index: number, spec: ValuesSpec) {
    this.#keys = keys;
    this.#spec = spec;
    this.#form = formOfSpec(spec);
    const place = { state: index, serial: 0 };
    this.column = spec.kind === 'map' ? new MapColumn(keys, place, this.#form) : new SlotColumn(keys, place, storeOf(spec, this.#form));
  }

  get spec(): ValuesSpec {
    return this.#spec;
  }

  /** Whether the key of the slot has anything in it. */
  has(slot: number): boolean {
    const { column } = this;
    if (column instanceof SlotColumn) return column.get(slot) !== undefined;
    return (column.entries(slot)?.size ?? 0) > 0;
  }

  /** Makes what was restored what the program declares. Answers why that cannot be. */
  become(declared: ValuesSpec, nowMs: number): Incompatible | undefined {
    const stored = this.#spec;
    if (stored.kind !== declared.kind) return new Incompatible(`a ${stored.kind} state cannot become a ${declared.kind} state`);
    const keys = evolve(stored.subKeyType ?? GENERIC, declared.subKeyType ?? GENERIC);
    if (keys instanceof Incompatible) return keys;
    if (keys.convert !== undefined) return new Incompatible('the keys of a map cannot change');
    const values = evolve(stored.type ?? GENERIC, declared.type ?? GENERIC);
    if (values instanceof Incompatible) return values;
    this.#spec = { ...declared, type: declared.type && values.type };
    this.#form = formOfSpec(this.#spec);
    this.#convert(conversion(stored, declared, values, nowMs), sameEncoding(stored, this.#spec));
    return undefined;
  }

  meta(): StateMeta {
    const { name, kind, type, subKeyType, expires } = this.#spec;
    return {
      name,
      kind,
      type: type && typeToJson(type),
      ...(subKeyType && { subKeyType: typeToJson(subKeyType) }),
      ...(expires && { expires }),
    };
  }

  parts(): Iterable<SnapshotPart> {
    return [this.column instanceof SlotColumn ? this.column.part : this.column];
  }

  #convert(convert: ((value: unknown) => unknown) | undefined, sameEncoding: boolean): void {
    const { column } = this;
    if (column instanceof MapColumn) column.convert(this.#form, convert);
    // Of the same encoding, only what is made of it can differ: values that are not made yet need not be changed.
    else if (sameEncoding && (convert === undefined || !column.keepsObjects)) column.reform(this.#form);
    else column.moveTo(storeOf(this.#spec, this.#form), convert ?? same);
  }

  restore({ key, subKey, deleted, value }: SegmentEntry): void {
    const { column } = this;
    const slot = deleted ? this.#keys.find(key) : this.#keys.slotOf(key);
    if (column instanceof SlotColumn) {
      if (!deleted) column.restore(slot, value);
      else if (slot >= 0) column.remove(slot);
      return;
    }
    if (!deleted) {
      column.put(slot, subKey, this.#form.read(value));
      return;
    }
    const entry = slot < 0 ? undefined : column.get(slot, subKey);
    if (entry !== undefined) column.remove(entry);
  }
}

function same(value: unknown): unknown {
  return value;
}

/** Lists change in place. */
function storeOf(spec: ValuesSpec, form: ValueForm): ValueStore {
  return spec.kind === 'list' ? new ObjectStore(form) : valueStoreOf(spec, form);
}

function sameEncoding(one: ValuesSpec, other: ValuesSpec): boolean {
  return one.expires === other.expires && JSON.stringify(encodedAs(one)) === JSON.stringify(encodedAs(other));
}

function encodedAs({ type }: ValuesSpec): unknown {
  return typeToJson(type ?? GENERIC);
}

function formOfSpec({ name, kind, type, expires }: ValuesSpec): ValueForm {
  const single = formOf(type, `state "${name}"`);
  const element = expires ? expiringForm(single) : single;
  return kind === 'list' ? listForm(element) : element;
}

/** What a stored value becomes; undefined: nothing else. */
function conversion(
  stored: ValuesSpec,
  declared: ValuesSpec,
  { convert }: Evolution,
  nowMs: number,
): ((value: unknown) => unknown) | undefined {
  if (convert === undefined && stored.expires === declared.expires) return undefined;
  const ofValue = convert ?? ((value: unknown): unknown => value);
  const one = (value: unknown): unknown => {
    const plain = ofValue(stored.expires ? (value as Expiring).value : value);
    return declared.expires ? { value: plain, time: stored.expires ? (value as Expiring).time : nowMs } : plain;
  };
  return stored.kind === 'list' ? (value) => (value as unknown[]).map(one) : one;
}
