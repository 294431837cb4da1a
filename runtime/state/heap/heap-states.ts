import { type Clock, typeFromJson } from '#core';
import type { StateMeta } from '../../checkpoint/handles.js';
import type { TimedListsSpec } from '../keyed-state-backend.js';
import type { CurrentKey } from './current-key.js';
import { DuplicateStateError, StateMigrationError } from './errors.js';
import { HeapTimers } from './heap-timers.js';
import { KeptRows, ROWS } from './kept-rows.js';
import { KeptNamespaces, type KeptNamespacesSpec } from './kept-namespaces.js';
import type { KeptState } from './kept-state.js';
import { describeSpec, KeptValues, specOfMeta, type ValuesKind, type ValuesSpec } from './kept-values.js';
import type { KeyDirectory } from './key-directory.js';
import { SlotColumn } from './slot-column.js';
import type { SnapshotPart } from './snapshot-part.js';
import { HeapTimedLists } from './timed/heap-timed-lists.js';
import { KeptTimedList } from './timed/kept-timed-list.js';
import type { WrittenList } from './timed/timed-lists-table.js';
import { formOf } from './value-form.js';

const VALUE_KINDS: ReadonlySet<string> = new Set<ValuesKind>(['value', 'list', 'map', 'reducing', 'aggregating']);
const TIMERS = 'timers';

interface Kept {
  readonly state: KeptState;
  readonly description: string;
  /** Whether the program has asked for it. */
  asked: boolean;
  /** What the program was given. */
  given?: object;
}

/** The states of an operator by name: those the program has asked for, and those that were restored and wait to be. */
export class HeapStates {
  readonly #kept = new Map<string, Kept>();

  constructor(
    private readonly operatorName: string,
    private readonly maxParallelism: number,
    private readonly keys: KeyDirectory,
    private readonly current: CurrentKey,
    private readonly clock: Clock,
  ) {}

  get none(): boolean {
    return this.#kept.size === 0;
  }

  /** The values of a state, if it is one of keys. */
  find(name: string): KeptValues | undefined {
    const state = this.#kept.get(name)?.state;
    return state instanceof KeptValues ? state : undefined;
  }

  metas(): StateMeta[] {
    return Array.from(this.#kept.values(), ({ state }) => state.meta());
  }

  parts(): SnapshotPart[] {
    return Array.from(this.#kept.values()).flatMap(({ state }) => [...state.parts()]);
  }

  /** Has the values of the slots, of which some may be -1, at hand. */
  prefetch(slots: Int32Array, count: number): void {
    for (const { state } of this.#kept.values()) {
      if (state instanceof KeptValues && state.column instanceof SlotColumn) state.column.prefetch(slots, count);
    }
  }

  /** For what is restored: the state that was stored with this description. */
  restored(meta: StateMeta): KeptState {
    const known = this.#kept.get(meta.name);
    if (known !== undefined) return known.state;
    const { state, description } = this.#stored(meta, this.#kept.size);
    this.#kept.set(meta.name, { state, description, asked: false });
    return state;
  }

  /** What the program was given for the descriptor, or is now. Throws {@link DuplicateStateError}. */
  asked(spec: ValuesSpec, make: () => object): object {
    const known = this.#kept.get(spec.name);
    if (known?.given === undefined) {
      const made = make();
      this.#kept.get(spec.name)!.given = made;
      return made;
    }
    if (known.state instanceof KeptValues && known.state.spec.kind === spec.kind) return known.given;
    throw new DuplicateStateError(this.operatorName, spec.name, known.description, describeSpec(spec));
  }

  /** Throws {@link StateMigrationError}, {@link DuplicateStateError}. */
  values(spec: ValuesSpec): KeptValues {
    const { name } = spec;
    const known = this.#known(name, describeSpec(spec), () => new KeptValues(this.keys, this.#kept.size, spec));
    if (!(known.state instanceof KeptValues)) throw this.#clash(name, known, describeSpec(spec));
    if (known.asked) return known.state;
    const problem = known.state.become(spec, this.clock.now());
    if (problem !== undefined) throw this.#migration(name, describeSpec(known.state.spec), describeSpec(spec), problem.problem);
    known.asked = true;
    return known.state;
  }

  namespaced(spec: KeptNamespacesSpec): KeptNamespaces {
    const { name, kind } = spec;
    const known = this.#known(name, kind, () => new KeptNamespaces(this.maxParallelism, this.#kept.size, spec));
    if (!(known.state instanceof KeptNamespaces) || known.asked) throw this.#clash(name, known, kind);
    const problem = known.state.become(spec);
    if (problem !== undefined) throw this.#migration(name, known.state.spec.kind, kind, problem.problem);
    known.asked = true;
    return known.state;
  }

  rows(spec: KeptNamespacesSpec): KeptRows {
    const { name, type } = spec;
    this.#becomeRows(name);
    const known = this.#known(name, ROWS, () => new KeptRows(this.maxParallelism, this.#kept.size, name, type));
    if (!(known.state instanceof KeptRows) || known.asked) throw this.#clash(name, known, ROWS);
    const problem = known.state.become(type);
    if (problem !== undefined) throw this.#migration(name, ROWS, ROWS, problem.problem);
    known.asked = true;
    return known.state;
  }

  /** Backends whose state need not fit into memory keep as values what is in rows here. */
  #becomeRows(name: string): void {
    const known = this.#kept.get(name);
    if (known === undefined || known.asked || !(known.state instanceof KeptValues) || known.state.spec.kind !== 'value') return;
    const index = [...this.#kept.keys()].indexOf(name);
    const rows = new KeptRows(this.maxParallelism, index, name, known.state.spec.type);
    rows.await({ keys: this.keys, column: known.state.column as SlotColumn });
    this.#kept.set(name, { state: rows, description: ROWS, asked: false });
  }

  timedLists({ names, kind, stretchMs }: TimedListsSpec): HeapTimedLists {
    const restored = names.map((name) => this.#restoredTables(name, kind));
    // What was restored keeps its index; the others come behind all.
    const all = [...new Set([...this.#kept.keys(), ...names])];
    const written = (name: string): WrittenList => ({ index: all.indexOf(name), form: formOf(undefined, `state "${name}"`) });
    const lists = new HeapTimedLists(this.keys, this.current, { stretchMs, written: [written(names[0]), written(names[1])] });
    for (const list of [0, 1] as const) {
      const state = new KeptTimedList(lists, list, { name: names[list], kind });
      const tables = restored[list];
      if (tables !== undefined) state.take(tables, this.keys);
      this.#kept.set(names[list], { state, description: kind, asked: true });
    }
    return lists;
  }

  /** What was restored under the name. */
  #restoredTables(name: string, kind: string): KeptNamespaces | undefined {
    const known = this.#kept.get(name);
    if (known === undefined) return undefined;
    if (known.asked || !(known.state instanceof KeptNamespaces) || known.description !== kind) throw this.#clash(name, known, kind);
    return known.state;
  }

  timers(name: string): HeapTimers {
    const known = this.#known(name, TIMERS, () => new HeapTimers(this.keys, this.current, this.#kept.size, name));
    if (!(known.state instanceof HeapTimers)) throw this.#clash(name, known, TIMERS);
    known.asked = true;
    return known.state;
  }

  #known(name: string, description: string, make: () => KeptState): Kept {
    let known = this.#kept.get(name);
    if (known === undefined) {
      known = { state: make(), description, asked: false };
      this.#kept.set(name, known);
    }
    return known;
  }

  #stored(meta: StateMeta, index: number): { readonly state: KeptState; readonly description: string } {
    const { name, kind } = meta;
    if (kind === TIMERS) return { state: new HeapTimers(this.keys, this.current, index, name), description: TIMERS };
    if (VALUE_KINDS.has(kind)) {
      const spec = specOfMeta(meta);
      return { state: new KeptValues(this.keys, index, spec), description: describeSpec(spec) };
    }
    const type = meta.type === undefined ? undefined : typeFromJson(meta.type);
    if (kind === ROWS) return { state: new KeptRows(this.maxParallelism, index, name, type), description: ROWS };
    return { state: new KeptNamespaces(this.maxParallelism, index, { name, kind, type }), description: kind };
  }

  #clash(name: string, known: Kept, asked: string): DuplicateStateError | StateMigrationError {
    if (known.asked) return new DuplicateStateError(this.operatorName, name, known.description, asked);
    return this.#migration(name, known.description, asked, 'they are of different kinds');
  }

  #migration(name: string, restored: string, declared: string, problem: string): StateMigrationError {
    return new StateMigrationError(this.operatorName, name, restored, declared, problem);
  }
}
