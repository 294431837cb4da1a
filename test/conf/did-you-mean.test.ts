import { expect } from 'chai';
import fc from 'fast-check';
import { didYouMean, editDistance } from '../../conf/did-you-mean.js';

describe('did you mean', () => {
  it('counts changed, added, dropped and swapped letters', () => {
    const distances = [
      ['abc', 'abc'],
      ['abc', 'abd'],
      ['abc', 'abcd'],
      ['abc', 'ab'],
      ['abc', 'acb'],
      ['', 'ab'],
    ] as const;
    expect(distances.map(([a, b]) => editDistance(a, b, 9))).to.deep.equal([0, 1, 1, 1, 1, 2]);
  });

  it('does not count further than asked', () => {
    expect(editDistance('kitten', 'banana', 2)).to.equal(3);
  });

  it('is symmetric, and zero only for equal words', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ab.]{0,8}$/), fc.stringMatching(/^[ab.]{0,8}$/), (a, b) => {
        expect(editDistance(a, b, 20)).to.equal(editDistance(b, a, 20));
        expect(editDistance(a, b, 20) === 0).to.equal(a === b);
      }),
      { numRuns: 50 },
    );
  });

  it('gives the nearest names first, and none that is far', () => {
    expect(didYouMean('web.prot', ['web.port', 'web.history', 'web.ports'])).to.deep.equal(['web.port']);
    expect(didYouMean('WEB.PORT', ['web.port'])).to.deep.equal(['web.port']);
    expect(didYouMean('x', ['web.port'])).to.deep.equal([]);
  });
});
