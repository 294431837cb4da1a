import { expect } from 'chai';
import { HadoopConfiguration } from '#conf';
import { resourceManagerAddresses } from '../../../../../session/yarn/client/resource-manager/addresses.js';

function hadoop(values: Readonly<Record<string, string>>): HadoopConfiguration {
  return new HadoopConfiguration(Object.entries(values).map(([name, value]) => ({ name, value, final: false, file: 'yarn-site.xml' })));
}

describe('session/yarn/client/resource-manager/addresses', () => {
  it('takes the web address, or the host name with its port', () => {
    expect(resourceManagerAddresses(hadoop({ 'yarn.resourcemanager.webapp.address': 'rm:8080' })).urls).to.deep.equal(['http://rm:8080']);
    expect(resourceManagerAddresses(hadoop({ 'yarn.resourcemanager.hostname': 'rm' })).urls).to.deep.equal(['http://rm:8088']);
  });

  it('tries this machine where none is named', () => {
    expect(resourceManagerAddresses(hadoop({}))).to.deep.equal({ urls: ['http://127.0.0.1:8088'], unnamed: true });
    const any = hadoop({ 'yarn.resourcemanager.webapp.address': '0.0.0.0:9999' });
    expect(resourceManagerAddresses(any)).to.deep.equal({ urls: ['http://127.0.0.1:9999'], unnamed: true });
  });

  it('lists all of a highly available pair', () => {
    const pair = hadoop({
      'yarn.resourcemanager.ha.enabled': 'true',
      'yarn.resourcemanager.ha.rm-ids': 'rm1, rm2',
      'yarn.resourcemanager.webapp.address.rm1': 'a:8088',
      'yarn.resourcemanager.hostname.rm2': 'b',
    });
    expect(resourceManagerAddresses(pair)).to.deep.equal({ urls: ['http://a:8088', 'http://b:8088'], unnamed: false });
  });

  it('speaks TLS where the policy says so', () => {
    const secure = hadoop({ 'yarn.http.policy': 'HTTPS_ONLY', 'yarn.resourcemanager.hostname': 'rm' });
    expect(resourceManagerAddresses(secure).urls).to.deep.equal(['https://rm:8090']);
  });
});
