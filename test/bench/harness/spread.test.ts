import { expect } from 'chai';
import { showSpread, spreadOf } from '../../../bench/harness/spread.js';

describe('spread', () => {
  it('has the middle of an odd number of values', () => {
    expect(spreadOf([30, 10, 20])).to.deep.equal({ median: 20, min: 10, max: 30 });
  });

  it('has the mean of the two middle ones of an even number', () => {
    expect(spreadOf([4, 1, 3, 2]).median).to.equal(2.5);
  });

  it('is shown as not measured when there are no values', () => {
    expect(showSpread(spreadOf([]))).to.equal('n/a');
    expect(showSpread(spreadOf([1, 2, 4]), 1)).to.equal('2.0 (1.0–4.0)');
  });
});
