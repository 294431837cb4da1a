import { invariant, keyGroupOf, type TypeInfo, typeToJson } from '#core';
import type { StateMeta } from '../../checkpoint/handles.js';
import type { OperatorRows, OperatorTable } from '../keyed-state-backend.js';
import type { SegmentEntry } from '../segment/segment-reader.js';
import { NO_SUB_KEY } from '../segment/segment-writer.js';
import { Bitmap } from './bitmap.js';
import { ChangeMarks } from './change-marks.js';
import type { KeptState } from './kept-state.js';
import { KeyDirectory } from './key-directory.js';
import { SlotColumn } from './slot-column.js';
import type { Slice, SnapshotPart, SnapshotRound } from './snapshot-part.js';
import { ObjectStore } from './store/object-store.js';
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
export class KeptRows implements OperatorRows, KeptState, SnapshotPart {
  #table: OperatorTable | undefined;
  #waiting: Waiting | undefined;
  #form: ValueForm;
  readonly #changes = new ChangeMarks();
  #round: SnapshotRound | undefined;
  #awaiting: Bitmap | undefined;
  #cursor = 0;

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
    if (this.#awaiting?.has(row) === true) this.#writeEarly(row);
    this.#changes.add(row);
  }

  meta(): StateMeta {
    return { name: this.name, kind: ROWS, type: this.type && typeToJson(this.type) };
  }

  parts(): Iterable<SnapshotPart> {
    return [this.#waiting?.column ?? this];
  }

  restore({ key, deleted, value }: SegmentEntry): void {
    const { keys, column } = (this.#waiting ??= this.#newWaiting());
    if (!deleted) column.set(keys.slotOf(key), this.#form.read(value));
  }

  begin(round: SnapshotRound): void {
    this.#round = round;
    this.#cursor = 0;
    this.#awaiting = round.whole ? Bitmap.below(this.#table?.size ?? 0) : this.#changes.changed();
    if (round.base) this.#changes.take(round.checkpointId);
  }

  writeSome(slice: Slice): boolean {
    const awaiting = this.#awaiting;
    if (awaiting === undefined) return true;
    for (let row = awaiting.next(this.#cursor); row >= 0; row = awaiting.next(row + 1)) {
      this.#write(row);
      this.#cursor = row + 1;
      if (slice.over()) return false;
    }
    this.end();
    return true;
  }

  end(): void {
    this.#round = undefined;
    this.#awaiting = undefined;
  }

  confirm(checkpointId: number): void {
    this.#changes.confirm(checkpointId);
  }

  abort(checkpointId: number): void {
    this.#changes.abort(checkpointId);
  }

  #newWaiting(): Waiting {
    const keys = new KeyDirectory(this.maxParallelism);
    return { keys, column: new SlotColumn(keys, { state: this.index, serial: 0 }, new ObjectStore(this.#form)) };
  }

  #writeEarly(row: number): void {
    try {
      this.#write(row);
    } catch (error) {
      this.#round!.fail(error);
    }
  }

  #write(row: number): void {
    this.#awaiting!.delete(row);
    const table = this.#table!;
    const key = table.keyAt(row);
    const place = { state: this.index, serial: 0 };
    this.#round!.writer.put(place, keyGroupOf(key, this.maxParallelism), key, NO_SUB_KEY, this.#form, table.valueAt(row));
  }
}
