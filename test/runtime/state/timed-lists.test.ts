import { backendOf } from './heap/backend-bench.js';
import { LsmBackendBench } from './lsm/lsm-backend-bench.js';
import { holdsTimedRows } from './random-timed-lists.js';
import type { MakeBackend } from './random-operations.js';

describe('lists by time', () => {
  const bench = new LsmBackendBench();
  after(() => bench.close());
  const heap: MakeBackend = (restored, groups) => backendOf(restored, groups);

  describe('in memory, with savepoints for "rocksdb"', () => {
    holdsTimedRows(heap, bench.make);
  });
  describe('on "rocksdb", with savepoints for memory', () => {
    holdsTimedRows(bench.make, heap);
  });
});
