import { expect } from 'chai';
import { HadoopConfiguration } from '#conf';
import { ContainerEnvironmentError } from '../../../../session/yarn/application-master/errors.js';
import { schedulerAddresses } from '../../../../session/yarn/application-master/scheduler-addresses.js';

function addresses(values: Readonly<Record<string, string>>): ReturnType<typeof schedulerAddresses> {
  const properties = Object.entries(values).map(([name, value]) => ({ name, value, final: false, file: 'yarn-site.xml' }));
  return schedulerAddresses(new HadoopConfiguration(properties));
}

describe('schedulerAddresses', () => {
  it('are what Hadoop has by default, or what its files say', () => {
    expect(addresses({})).to.deep.equal([{ host: '127.0.0.1', port: 8030 }]);
    expect(addresses({ 'yarn.resourcemanager.hostname': 'rm' })).to.deep.equal([{ host: 'rm', port: 8030 }]);
    expect(addresses({ 'yarn.resourcemanager.scheduler.address': 'rm:1234' })).to.deep.equal([{ host: 'rm', port: 1234 }]);
  });

  it('are several with high availability', () => {
    const found = addresses({
      'yarn.resourcemanager.ha.enabled': 'true',
      'yarn.resourcemanager.ha.rm-ids': 'a,b',
      'yarn.resourcemanager.hostname.a': 'first',
      'yarn.resourcemanager.scheduler.address.b': 'second:9',
    });
    expect(found).to.deep.equal([
      { host: 'first', port: 8030 },
      { host: 'second', port: 9 },
    ]);
  });

  it('are refused when they are none', () => {
    expect(() => addresses({ 'yarn.resourcemanager.scheduler.address': ':12' })).to.throw(ContainerEnvironmentError, '":12"');
  });
});
