import { expect } from 'chai';
import { inMemory } from '../heap/backend-bench.js';
import { holdsWhatPlainMapsHold } from '../random-operations.js';
import { LsmBackendBench } from './lsm-backend-bench.js';

describe('rocksdb keyed backend', () => {
  const bench = new LsmBackendBench();
  after(() => bench.close());

  holdsWhatPlainMapsHold(bench.make);

  it('finds nothing in a new namespace of what one that was dropped before a restore has left in files', async () => {
    const windows = { name: 'windows', kind: 'window', type: undefined };
    const first = await bench.make();
    const dropped = first.namespaced<string>(windows).table(1);
    dropped.set(dropped.slotOf('key'), 'of the dropped one');
    await first.snapshot(1, { full: false }).write(inMemory);
    first.namespaced<string>(windows).drop(1);
    const handle = await first.snapshot(2, { full: false }).write(inMemory);

    const later = (await bench.make([handle])).namespaced<string>(windows).table(2);
    expect(later.find('key')).to.equal(-1);
    expect(later.get(later.slotOf('key'))).to.equal(undefined);
  });
});
