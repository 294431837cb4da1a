/** Entries in the order of their keys. The fields speak of the entry it stands on; they are valid until the next step. */
export abstract class EntrySource {
  bytes: Buffer = Buffer.alloc(0);
  keyStart = 0;
  keyEnd = 0;
  valueStart = 0;
  valueEnd = 0;
  deleted = false;
  ended = false;

  /** Goes to the next entry, or to the end. */
  abstract next(): void;
}
