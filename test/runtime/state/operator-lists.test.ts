import { expect } from 'chai';
import type { ListStateHandle } from '../../../runtime/checkpoint/handles.js';
import { OperatorLists } from '../../../runtime/state/operator-lists.js';
import { DamagedStateError } from '../../../runtime/state/segment/errors.js';
import { memoryReader, memorySnapshots } from '../../../runtime/harness/memory-snapshots.js';

describe('operator lists', () => {
  async function written(values: readonly unknown[]): Promise<ListStateHandle> {
    const lists = await OperatorLists.restore({}, memoryReader);
    lists.list('offsets', 'split').addAll(values);
    return (await lists.snapshot()(memorySnapshots))['offsets']!;
  }
  const restored = async (handle: ListStateHandle, from = 0, to = handle.count): Promise<readonly unknown[]> =>
    (await OperatorLists.restore({ offsets: [{ handle, from, to }] }, memoryReader)).list('offsets', 'split').get();

  it('come back whole or in part', async () => {
    const handle = await written(['a', { b: 1 }, 3]);
    expect(await restored(handle)).to.deep.equal(['a', { b: 1 }, 3]);
    expect(await restored(handle, 1, 2)).to.deep.equal([{ b: 1 }]);
  });

  it('are refused when any byte of them has changed', async () => {
    const handle = await written(['a', 2]);
    if (handle.elements.kind !== 'inline') throw new TypeError('snapshots in memory are inline');
    for (let at = 0; at < handle.elements.bytes.length; at++) {
      const bytes = Uint8Array.from(handle.elements.bytes);
      bytes[at]! ^= 1;
      const error = await restored({ ...handle, elements: { kind: 'inline', bytes } }).catch((cause: unknown) => cause);
      expect(error).to.be.instanceOf(DamagedStateError);
    }
  });
});
