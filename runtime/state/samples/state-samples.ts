import { keyIdentity, type KeyIdentity, typeFromJson, type ValueReader } from '#core';
import type { StateMeta } from '../../checkpoint/handles.js';
import { type Expiring, expiringForm, formOf, listForm, type ValueForm } from '../heap/value-form.js';
import type { Namespace } from '../keyed-state-backend.js';

/** An entry of keyed state. */
export interface StateSample {
  readonly key: unknown;
  /** Of windows: the window, or a number. */
  readonly namespace?: Namespace;
  /** Of maps: the key within the map; of timers: their time, ms since 1970 UTC. */
  readonly subKey?: unknown;
  /** Timers have none. */
  readonly value?: unknown;
}

/** Where an entry belongs. */
export interface SampledEntry {
  readonly serial: number;
  readonly key: unknown;
  readonly subKey: unknown;
}

interface SampledState {
  readonly meta: StateMeta;
  readonly form: ValueForm;
  /** By serial; undefined: the state has none. */
  readonly alive: ReadonlyMap<number, Namespace> | undefined;
  readonly found: Map<KeyIdentity, StateSample>;
}

/**
 * A few entries of each state of an operator. Entries come in the order in which they were written: of equal keys the later one counts. A
 * few more are kept than are wanted, since some may turn out to be deleted.
 */
export class StateSamples {
  readonly #states: ReadonlyMap<string, SampledState>;
  readonly #room: number;

  constructor(
    readonly limit: number,
    metas: readonly StateMeta[],
  ) {
    this.#room = 4 * limit + 16;
    this.#states = new Map(metas.map((meta) => [meta.name, { meta, form: formOfMeta(meta), alive: aliveOf(meta), found: new Map() }]));
  }

  /** There are as many of each state as are wanted. */
  get complete(): boolean {
    for (const { found } of this.#states.values()) if (found.size < this.limit) return false;
    return true;
  }

  /** @param read the value, if it is wanted; undefined: the entry was deleted. */
  put(name: string, entry: SampledEntry, read: ((form: ValueForm) => unknown) | undefined): void {
    const state = this.#states.get(name);
    if (state === undefined || state.alive?.has(entry.serial) === false) return;
    const { found } = state;
    const identity = keyIdentity([entry.serial, entry.key, entry.subKey]);
    if (read === undefined) found.delete(identity);
    else if (found.has(identity) || found.size < this.#room) found.set(identity, sampleOf(state, entry, read));
  }

  of(name: string): readonly StateSample[] {
    return [...(this.#states.get(name)?.found.values() ?? [])].slice(0, this.limit);
  }
}

function sampleOf(
  { meta, alive, form }: SampledState,
  { serial, key, subKey }: SampledEntry,
  read: (form: ValueForm) => unknown,
): StateSample {
  const timers = meta.kind === 'timers';
  const namespace = timers ? undefined : alive?.get(serial);
  return {
    key,
    ...(namespace !== undefined && { namespace }),
    ...(subKey !== undefined && { subKey }),
    ...(!timers && { value: withoutTimes(meta, read(form)) }),
  };
}

/** Values that expire have the time of their last renewal with them. */
function withoutTimes({ expires, kind }: StateMeta, value: unknown): unknown {
  if (expires !== true) return value;
  return kind === 'list' ? (value as readonly Expiring[]).map((item) => item.value) : (value as Expiring).value;
}

function formOfMeta({ name, kind, type, expires }: StateMeta): ValueForm {
  const single = formOf(type === undefined ? undefined : typeFromJson(type), `state "${name}"`);
  const element = expires === true ? expiringForm(single) : single;
  return kind === 'list' ? listForm(element) : element;
}

function aliveOf({ namespaces }: StateMeta): ReadonlyMap<number, Namespace> | undefined {
  return namespaces && new Map(namespaces.map(({ serial, namespace }) => [serial, namespace]));
}

/** Reads a value that lies in a reader. */
export function readingFrom(reader: ValueReader): (form: ValueForm) => unknown {
  return (form) => form.read(reader);
}
