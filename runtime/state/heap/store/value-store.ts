import type { ValueReader } from '#core';
import type { ValueForm } from '../value-form.js';
import type { EntryKey, SegmentWriter } from '../../segment/segment-writer.js';

/** Where the values of one state are, by slot. */
export interface ValueStore {
  /**
   * Whether what `get` answers is what is kept, so that a change of it changes the state; else each `get` makes the value anew, and strings
   * and objects given to `set` are not held on to.
   */
  readonly keepsObjects: boolean;
  /** All slots that have a value are below. */
  readonly end: number;
  has(slot: number): boolean;
  /** Undefined when there is none. */
  get(slot: number): unknown;
  /** Throws `DeclaredTypeMismatchError`, `UnsupportedRecordError` when the value is not of the type, and leaves what was there. */
  set(slot: number, value: unknown): void;
  delete(slot: number): void;
  /** Writes the value of the slot, which has one, into a segment. */
  write(segment: SegmentWriter, entry: EntryKey, slot: number): void;
  /** From now on values have another form, which writes the same bytes. */
  reform(form: ValueForm): void;
  /** Takes the value that the reader stands at, of a segment that a store of the same kind and type wrote. */
  restore(slot: number, reader: ValueReader): void;
}
