import { type TypeInfo, typeFromJson, typeName, typeToJson } from '#core';
import type { StateMeta } from '../../checkpoint/handles.js';

/** What the kinds of states keep beside a value a key. */
export const TIMERS = 'timers';
export const ROWS = 'rows';
const VALUE_KINDS: ReadonlySet<string> = new Set(['value', 'list', 'map', 'reducing', 'aggregating', ROWS]);

/** A state as it is declared, or was stored. */
export interface LsmSpec {
  readonly name: string;
  readonly kind: string;
  readonly type: TypeInfo | undefined;
  readonly subKeyType: TypeInfo | undefined;
  readonly expires: boolean;
}

export function isNamespaced({ kind }: LsmSpec): boolean {
  return kind !== TIMERS && !VALUE_KINDS.has(kind);
}

/** Whether a key of a record has several entries. */
export function hasSubKeys({ kind }: LsmSpec): boolean {
  return kind === TIMERS || kind === 'map';
}

export function specOfMeta({ name, kind, type, subKeyType, expires }: StateMeta): LsmSpec {
  return { name, kind, type: typeOf(type), subKeyType: typeOf(subKeyType), expires: expires === true };
}

export function metaOfSpec({ name, kind, type, subKeyType, expires }: LsmSpec): StateMeta {
  return {
    name,
    kind,
    type: type && typeToJson(type),
    ...(subKeyType && { subKeyType: typeToJson(subKeyType) }),
    ...(expires && { expires }),
  };
}

export function describe({ kind, type, subKeyType }: LsmSpec): string {
  const types = [...(kind === 'map' ? [subKeyType] : []), type];
  return `${kind} state of ${types.map((of) => typeName(of ?? { kind: 'generic' })).join(', ')}`;
}

function typeOf(json: unknown): TypeInfo | undefined {
  return json === undefined ? undefined : typeFromJson(json);
}
