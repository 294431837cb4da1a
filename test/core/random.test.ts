import { expect } from 'chai';
import { SeededRandom, systemRandom } from '#core';

describe('SeededRandom', () => {
  it('repeats itself for the same seed only', () => {
    const run = (seed: number): number[] => {
      const random = new SeededRandom(seed);
      return Array.from({ length: 20 }, () => random.nextInt(1_000_000));
    };
    expect(run(7)).to.deep.equal(run(7));
    expect(run(7)).not.to.deep.equal(run(8));
    expect(new SeededRandom(0).next()).to.be.within(0, 1);
  });

  it('spreads evenly', () => {
    for (const random of [new SeededRandom(1), systemRandom]) {
      const buckets = new Array<number>(10).fill(0);
      let sum = 0;
      for (let i = 0; i < 100_000; i++) {
        buckets[random.nextInt(10)]!++;
        sum += random.next();
      }
      for (const count of buckets) expect(count).to.be.within(9_400, 10_600);
      expect(sum / 100_000).to.be.within(0.49, 0.51);
    }
  });
});
