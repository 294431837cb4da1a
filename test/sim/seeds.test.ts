import { expect } from 'chai';
import { simulate } from './simulate.js';

/**
 * Each is a cluster with faults; more by `./scripts/sim --seeds 5000 --from 1`. Every fourth has a job of several regions. The last four
 * have once found something.
 */
const SEEDS = [...Array.from({ length: 48 }, (_, index) => index + 1), 100, 200, 300, 2210, 2239, 2265, 2642];

describe('a simulated cluster', () => {
  for (const seed of SEEDS) {
    it(`gives each record once, whatever fails: seed ${seed}`, async () => {
      const { wrong } = await simulate(seed);
      expect(wrong, `./scripts/sim --from ${seed} --verbose`).to.deep.equal([]);
    });
  }

  it('does the same again for the same seed', async () => {
    for (const seed of [2, 5, 11]) {
      const [first, second] = [await simulate(seed), await simulate(seed)];
      expect(second.trace).to.equal(first.trace);
      expect(second.log).to.deep.equal(first.log);
      expect((await simulate(seed + 1)).trace).not.to.equal(first.trace);
    }
  });
});
