import { holdsWhatPlainMapsHold } from '../random-operations.js';
import { LsmBackendBench } from './lsm-backend-bench.js';

describe('rocksdb keyed backend', () => {
  const bench = new LsmBackendBench();
  after(() => bench.close());

  holdsWhatPlainMapsHold(bench.make);
});
