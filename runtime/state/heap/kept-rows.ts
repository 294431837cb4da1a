import { invariant, keyGroupOf, type TypeInfo, typeToJson } from '#core';
import type { StateMeta } from '../../checkpoint/handles.js';
import type { OperatorRows, OperatorTable } from '../keyed-state-backend.js';
import type { SegmentEntry } from '../segment/segment-reader.js';
import { NO_SUB_KEY } from '../segment/segment-writer.js';
import type { KeptState } from './kept-state.js';
import { KeyDirectory } from './key-directory.js';
import { SlotColumn } from './slot-column.js';
import type { SnapshotPart, SnapshotRound } from './snapshot-part.js';
import { ObjectStore } from './store/object-store.js';
import { TrackedEntries } from './tracked-entries.js';
import { evolve, Incompatible } from './type-evolution.js';
import { formOf, type ValueForm } from './value-form.js';

export const ROWS = 'rows';

const GENERIC: TypeInfo = { kind: 'generic' };

/** What was restored and waits for the operator. */
interface Waiting {
  readonly keys: KeyDirectory;
  readonly column: SlotColumn;
}

/** A table that the operator keeps: here are the marks of what changed, and of what a snapshot under way has still to write. */
export class KeptRows implements OperatorRows, KeptState {
  #table: OperatorTable | undefined;
  #waiting: Waiting | undefined;
  #form: ValueForm;
  readonly #entries = new TrackedEntries({ end: () => this.#table?.size ?? 0, write: this.#write.bind(this) });

  constructor(
    private readonly maxParallelism: number,
    private readonly index: number,
    private readonly name: string,
    private type: TypeInfo | undefined,
  ) {
    this.#form = formOf(type, `state "${name}"`);
  }

  become(type: TypeInfo | undefined): Incompatible | undefined {
    const evolution = evolve(this.type ?? GENERIC, type ?? GENERIC);
    if (evolution instanceof Incompatible) return evolution;
    this.type = type && evolution.type;
    this.#form = formOf(this.type, `state "${this.name}"`);
    this.#waiting?.column.moveTo(new ObjectStore(this.#form), evolution.convert ?? ((value) => value));
    return undefined;
  }

  /** Values that were restored as those of another state. */
  await(restored: Waiting): void {
    this.#waiting = restored;
  }

  attach(table: OperatorTable): void {
    invariant(this.#table === undefined, 'an operator attaches its table once');
    this.#table = table;
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const { keys, column } = waiting;
    for (let slot = column.next(0); slot >= 0; slot = column.next(slot + 1)) table.restore(keys.keyAt(slot), column.get(slot));
    this.#waiting = undefined;
  }

  changing(row: number): void {
    this.#entries.change(row);
  }

  meta(): StateMeta {
    return { name: this.name, kind: ROWS, type: this.type && typeToJson(this.type) };
  }

  parts(): Iterable<SnapshotPart> {
    return [this.#waiting?.column.part ?? this.#entries];
  }

  restore({ key, deleted, value }: SegmentEntry): void {
    const { keys, column } = (this.#waiting ??= this.#newWaiting());
    if (!deleted) column.set(keys.slotOf(key), this.#form.read(value));
  }

  #newWaiting(): Waiting {
    const keys = new KeyDirectory(this.maxParallelism);
    return { keys, column: new SlotColumn(keys, { state: this.index, serial: 0 }, new ObjectStore(this.#form)) };
  }

  #write(row: number, { writer }: SnapshotRound): void {
    const table = this.#table!;
    const key = table.keyAt(row);
    const place = { state: this.index, serial: 0 };
    writer.put(place, keyGroupOf(key, this.maxParallelism), key, NO_SUB_KEY, this.#form, table.valueAt(row));
  }
}
