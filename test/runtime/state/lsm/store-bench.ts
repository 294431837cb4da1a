import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlockCache } from '../../../../runtime/state/lsm/block-cache.js';
import { LsmStore } from '../../../../runtime/state/lsm/lsm-store.js';
import type { Run } from '../../../../runtime/state/lsm/run.js';
import { localStoreFiles, type StoreFiles } from '../../../../runtime/state/lsm/store-files.js';

/** A directory with the stores of one test. */
export class StoreBench {
  readonly directory = mkdtempSync(join(tmpdir(), 'lsm-test-'));
  #files = 0;

  constructor(readonly files: StoreFiles = localStoreFiles) {}

  /** Small memtables, so that little data makes many files. Keys of three bytes or more are in the group of their first two. */
  open(memtableBytes = 4096, runs: readonly Run[] = []): LsmStore {
    const store = new LsmStore({
      newFiles: { files: this.files, nextFile: () => this.nextFile() },
      cache: new BlockCache(64 * 1024),
      memtableBytes,
      groupLength: (_bytes, from, to) => Math.min(2, to - from),
    });
    store.adopt(runs);
    return store;
  }

  nextFile(): { id: string; path: string } {
    const id = String(++this.#files);
    return { id, path: join(this.directory, `${id}.segment`) };
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export function put(store: LsmStore, key: Uint8Array, value: Uint8Array): void {
  store.put(key, 0, key.length, value, 0, value.length);
}

export function get(store: LsmStore, key: Uint8Array): string | undefined {
  if (!store.get(key)) return undefined;
  const { bytes, start, end } = store.found;
  return Buffer.from(bytes.subarray(start, end)).toString('latin1');
}

/** What a scan gives, as texts. */
export function scanned(store: LsmStore, prefix: Uint8Array, group = false): [string, string][] {
  const result: [string, string][] = [];
  for (const cursor = group ? store.scanGroup(prefix) : store.scan(prefix); cursor.next();) {
    const { bytes, keyStart, keyEnd, valueStart, valueEnd } = cursor.entry;
    const text = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('latin1');
    result.push([text(keyStart, keyEnd), text(valueStart, valueEnd)]);
  }
  return result;
}
