import type { EntrySource } from './entry-source.js';
import { startsWith } from './key-bytes.js';
import { MemtableSource } from './memtable-source.js';
import type { Memtable } from './memtable.js';
import { MergedEntries } from './merged-entries.js';
import { RunSource } from './run-source.js';
import type { Run } from './run.js';

/** What a store consists of at one time. */
export interface StoreState {
  /** Newest first. */
  readonly tables: readonly Memtable[];
  readonly runs: readonly Run[];
  /** Another one when tables or runs are others. */
  readonly version: number;
}

/**
 * Walks the entries of a store whose keys begin with a prefix, in the order of their bytes. It may be left and taken up again at any time,
 * and holds nothing that would have to be closed: when the store has changed its files meanwhile, it goes on behind its last key. Of what
 * is put or deleted meanwhile it sees some and some not; what it stands on is as it was when it came there.
 */
export class StoreCursor {
  #entries: MergedEntries | undefined;
  #version = 0;

  /** @param group hash of the prefix, when it is a whole group. */
  constructor(
    private readonly store: StoreState,
    private readonly prefix: Uint8Array,
    private readonly group: number | undefined,
  ) {}

  /** Goes to the next entry; false at the end. Throws `StateFileReadError`, `DamagedStateFileError`. */
  next(): boolean {
    let entries = this.#entries;
    if (entries === undefined) entries = this.#start(this.prefix);
    // The first key behind the last one is that with a zero byte more.
    else if (this.#version !== this.store.version) entries = this.#start(Buffer.concat([entries.copyOfKey(), Buffer.alloc(1)]));
    return this.#nextLive(entries);
  }

  /** The entry: its bytes are valid until the next step, or the next operation on the store. */
  get entry(): EntrySource {
    return this.#entries!.source;
  }

  #nextLive(entries: MergedEntries): boolean {
    while (entries.next()) {
      const { source } = entries;
      if (!startsWith(source.bytes, source.keyStart, source.keyEnd, this.prefix, 0, this.prefix.length)) return false;
      if (!source.deleted) return true;
    }
    return false;
  }

  #start(start: Uint8Array): MergedEntries {
    const { tables, runs, version } = this.store;
    this.#version = version;
    const lately = tables.map((table) =>
      this.group === undefined ? MemtableSource.withPrefix(table, this.prefix, start) : MemtableSource.ofGroup(table, this.prefix, start),
    );
    const written = runs.filter((run) => this.#mayHold(run, start)).map((run) => new RunSource(run, start, false));
    return (this.#entries = new MergedEntries([...lately, ...written]));
  }

  /** The entries of a group that are not before `start` begin in the file of `start`, if there are any. */
  #mayHold(run: Run, start: Uint8Array): boolean {
    const file = run.fileOf(start, 0, start.length);
    return file !== undefined && (this.group === undefined || file.mayContain(this.group));
  }
}
