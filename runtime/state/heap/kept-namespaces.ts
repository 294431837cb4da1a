import { type TypeInfo, typeToJson } from '#core';
import type { StateMeta } from '../../checkpoint/handles.js';
import type { Namespace, NamespacedState } from '../keyed-state-backend.js';
import type { NumberKeys } from '../number-keys.js';
import type { SegmentEntry } from '../segment/segment-reader.js';
import { HeapNamespaceTable } from './heap-namespace-table.js';
import { UndeclaredValues } from './store/undeclared-values.js';
import type { KeptState } from './kept-state.js';
import type { SnapshotPart } from './snapshot-part.js';
import { evolve, Incompatible } from './type-evolution.js';
import { formOf, type ValueForm } from './value-form.js';

export interface KeptNamespacesSpec {
  readonly name: string;
  readonly kind: string;
  readonly type: TypeInfo | undefined;
}

/** Tables whose memory is kept for those to come. */
const MOST_SPARE = 4;

const GENERIC: TypeInfo = { kind: 'generic' };

/** Tables of one name, each with a serial that no table before it had: entries of those that were dropped are known by it. */
export class KeptNamespaces implements NamespacedState<unknown>, KeptState {
  readonly #numbers = new Map<number, HeapNamespaceTable>();
  /** By start, then by end. */
  readonly #pairs = new Map<number, Map<number, HeapNamespaceTable>>();
  #spec: KeptNamespacesSpec;
  #form: ValueForm;
  /** Accumulators of windows are alike, whatever their type is. */
  #values: UndeclaredValues;
  #serial = 0;
  /** Of tables that were dropped. */
  readonly #spare: NumberKeys[] = [];

  constructor(
    private readonly maxParallelism: number,
    private readonly index: number,
    spec: KeptNamespacesSpec,
  ) {
    this.#spec = spec;
    this.#form = formOf(spec.type, `state "${spec.name}"`);
    this.#values = new UndeclaredValues(this.#form);
  }

  get spec(): KeptNamespacesSpec {
    return this.#spec;
  }

  become(declared: KeptNamespacesSpec): Incompatible | undefined {
    if (this.#spec.kind !== declared.kind) return new Incompatible(`a ${this.#spec.kind} cannot become a ${declared.kind}`);
    const evolution = evolve(this.#spec.type ?? GENERIC, declared.type ?? GENERIC);
    if (evolution instanceof Incompatible) return evolution;
    this.#spec = { ...declared, type: declared.type && evolution.type };
    this.#form = formOf(this.#spec.type, `state "${declared.name}"`);
    this.#values = new UndeclaredValues(this.#form);
    for (const [, table] of this.#tables()) table.column.moveTo(this.#values.store(), evolution.convert ?? ((value) => value));
    return undefined;
  }

  table(namespace: Namespace): HeapNamespaceTable {
    return this.existing(namespace) ?? this.#make(namespace);
  }

  existing(namespace: Namespace): HeapNamespaceTable | undefined {
    return typeof namespace === 'number' ? this.#numbers.get(namespace) : this.#pairs.get(namespace[0])?.get(namespace[1]);
  }

  drop(namespace: Namespace): void {
    const spare = this.existing(namespace)?.retire();
    if (spare !== undefined && this.#spare.length < MOST_SPARE) this.#spare.push(spare);
    if (typeof namespace === 'number') {
      this.#numbers.delete(namespace);
      return;
    }
    const [start, end] = namespace;
    const ends = this.#pairs.get(start);
    if (ends?.delete(end) === true && ends.size === 0) this.#pairs.delete(start);
  }

  *namespaces(): Iterable<Namespace> {
    for (const [namespace] of this.#tables()) yield namespace;
  }

  meta(): StateMeta {
    const { name, kind, type } = this.#spec;
    const namespaces = Array.from(this.#tables(), ([namespace, { serial }]) => ({ serial, namespace }));
    return { name, kind, type: type && typeToJson(type), namespaces };
  }

  *parts(): Iterable<SnapshotPart> {
    for (const [, table] of this.#tables()) yield table.column.part;
  }

  restore({ key, deleted, value }: SegmentEntry, namespace: Namespace | undefined): void {
    if (namespace === undefined) return;
    const table = this.table(namespace);
    if (!deleted) table.set(table.slotOf(key), this.#form.read(value));
    else if (table.find(key) >= 0) table.remove(table.find(key));
  }

  #make(namespace: Namespace): HeapNamespaceTable {
    const table = new HeapNamespaceTable(this.maxParallelism, this.index, ++this.#serial, this.#values.store(), this.#spare.pop());
    if (typeof namespace === 'number') {
      this.#numbers.set(namespace, table);
      return table;
    }
    const [start, end] = namespace;
    let ends = this.#pairs.get(start);
    if (ends === undefined) this.#pairs.set(start, (ends = new Map<number, HeapNamespaceTable>()));
    ends.set(end, table);
    return table;
  }

  *#tables(): Generator<[Namespace, HeapNamespaceTable]> {
    yield* this.#numbers;
    for (const [start, ends] of this.#pairs) for (const [end, table] of ends) yield [[start, end], table];
  }
}
