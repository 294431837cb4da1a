import { expect } from 'chai';
import { type FileSplit } from '../../../api/sources/file-split.js';
import { SplitAssigner } from '../../../api/sources/split-assigner.js';

function splits(...hosts: readonly (readonly string[] | undefined)[]): readonly FileSplit[] {
  return hosts.map((of, index) => ({
    id: String(index),
    path: 'hdfs://ns1/f',
    startByte: index,
    endByte: index + 1,
    ...(of && { hosts: of }),
  }));
}

describe('api/sources/split-assigner', () => {
  const take = (assigner: SplitAssigner, ...hosts: readonly (string | undefined)[]) => hosts.map((host) => assigner.next(host)?.id);

  it('keeps the order where nothing is known', () => {
    expect(take(new SplitAssigner(splits(undefined, undefined, undefined), ['a', 'b']), 'b', 'a', undefined, 'a')).to.deep.equal([
      '0',
      '1',
      '2',
      undefined,
    ]);
    expect(take(new SplitAssigner(splits(['a'], ['b']), []), undefined, undefined)).to.deep.equal(['0', '1']);
  });

  it("gives each reader its own machine's splits first, in order, whatever the case of names", () => {
    const assigner = new SplitAssigner(splits(['a'], ['A', 'b'], ['b'], ['a']), ['a', 'B']);
    expect(take(assigner, 'b', 'b', 'a', 'a', 'a')).to.deep.equal(['1', '2', '0', '3', undefined]);
  });

  it('gives away what is local to nobody before what others wait for, and of that the last of who has the most', () => {
    const assigner = new SplitAssigner(splits(['a'], ['b'], ['b'], ['b'], ['z']), ['a', 'b', 'c']);
    expect(take(assigner, 'c', 'c', 'c', 'b', 'c', 'c')).to.deep.equal(['4', '3', '2', '1', '0', undefined]);
  });

  it('tells what is left, in order', () => {
    const assigner = new SplitAssigner(splits(['a'], ['b'], undefined, ['b']), ['a', 'b']);
    take(assigner, 'b');
    expect(assigner.left.map(({ id }) => id)).to.deep.equal(['0', '2', '3']);
  });
});
