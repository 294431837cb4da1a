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
  /**
   * Answers false, and changes nothing, when the value is not such as it keeps: then `instead` is to take all of them. Throws
   * `DeclaredTypeMismatchError`, `UnsupportedRecordError` when the value is not of the declared type.
   */
  set(slot: number, value: unknown): boolean;
  /** An empty store that takes the value that was not set, and those that are here. */
  instead(value: unknown): ValueStore;
  delete(slot: number): void;
  /** Forgets all values, and leaves their memory to others. Absent where none is worth while. */
  retire?(): void;
  /** Touches the values of the slots, of which some may be -1. */
  prefetch?(slots: Int32Array, count: number): void;
  /** Writes the value of the slot, which has one, into a segment. */
  write(segment: SegmentWriter, entry: EntryKey, slot: number): void;
  /** From now on values have another form, which writes the same bytes. */
  reform(form: ValueForm): void;
  /** Reads a value of a segment. */
  read(reader: ValueReader): unknown;
  /** Takes a value as the bytes that it is in a segment. Absent where they are not kept so. */
  takeBytes?(slot: number, bytes: Uint8Array, from: number, end: number): void;
}
