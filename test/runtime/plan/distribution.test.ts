import { expect } from 'chai';
import fc from 'fast-check';
import type { PartitioningKind } from '#api';
import { consumersOf, producersOf } from '../../../runtime/plan/distribution.js';

const KINDS: readonly PartitioningKind[] = ['rebalance', 'rescale', 'shuffle', 'broadcast', 'global', 'hash', 'custom'];
const some = fc.integer({ min: 1, max: 40 });
const indexes = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('the channels of an edge', () => {
  it('are the same seen from either side, and everybody has one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), some, some, (kind, producers, consumers) => {
        const sent = indexes(producers).flatMap((producer) =>
          consumersOf(kind, producer, producers, consumers).map((consumer) => `${producer} ${consumer}`),
        );
        const received = indexes(consumers).flatMap((consumer) =>
          producersOf(kind, consumer, producers, consumers).map((producer) => `${producer} ${consumer}`),
        );
        expect(new Set(received)).to.deep.equal(new Set(sent));
        expect(new Set(sent).size).to.equal(sent.length);
        expect(new Set(sent.map((channel) => channel.split(' ')[0])).size).to.equal(producers);
        expect(new Set(sent.map((channel) => channel.split(' ')[1])).size).to.equal(consumers);
      }),
    );
  });

  it('of a forward edge join subtasks of the same number', () => {
    expect(indexes(3).map((producer) => consumersOf('forward', producer, 3, 3))).to.deep.equal([[0], [1], [2]]);
    expect(indexes(3).map((consumer) => producersOf('forward', consumer, 3, 3))).to.deep.equal([[0], [1], [2]]);
  });

  it('of a rescale edge join neighbours, no subtask more than one above another', () => {
    fc.assert(
      fc.property(some, some, (producers, consumers) => {
        const fanOut = indexes(producers).map((producer) => consumersOf('rescale', producer, producers, consumers).length);
        const fanIn = indexes(consumers).map((consumer) => producersOf('rescale', consumer, producers, consumers).length);
        expect(Math.max(...fanOut) - Math.min(...fanOut)).to.be.at.most(1);
        expect(Math.max(...fanIn) - Math.min(...fanIn)).to.be.at.most(1);
        expect(Math.min(Math.max(...fanOut), Math.max(...fanIn))).to.equal(1);
      }),
    );
  });

  it("of a rescale edge are those of Flink's pointwise distribution", () => {
    expect(indexes(2).map((producer) => consumersOf('rescale', producer, 2, 4))).to.deep.equal([
      [0, 1],
      [2, 3],
    ]);
    expect(indexes(4).map((producer) => consumersOf('rescale', producer, 4, 2))).to.deep.equal([[0], [0], [1], [1]]);
    expect(indexes(2).map((producer) => consumersOf('rescale', producer, 2, 3))).to.deep.equal([[0, 1], [2]]);
  });
});
