import { expect } from 'chai';
import { joinDynamicProperties, splitDynamicProperties } from '../../../../session/yarn/launch/dynamic-properties.js';

describe('session/yarn/launch/dynamic-properties', () => {
  it('joins and splits as Flink does', () => {
    const properties = { 'state.backend': 'filesystem', path: 'hdfs://nn:9000/a=b' };
    expect(joinDynamicProperties(properties)).to.equal('state.backend=filesystem@@path=hdfs://nn:9000/a=b');
    expect(splitDynamicProperties(joinDynamicProperties(properties))).to.deep.equal(properties);
  });

  it('takes a name alone for a switch, and nothing for nothing', () => {
    expect(splitDynamicProperties('a@@b=1@@')).to.deep.equal({ a: 'true', b: '1' });
    expect(splitDynamicProperties('')).to.deep.equal({});
  });
});
