import { expect } from 'chai';
import { userInfo } from 'node:os';
import { HadoopConfiguration } from '#conf';
import { KerberosNotSupportedError } from '../../../security/http/errors.js';
import { hadoopAuthentication, hadoopUserName } from '../../../security/http/hadoop-authentication.js';

function hadoop(kind?: string): HadoopConfiguration {
  const properties =
    kind === undefined ? [] : [{ name: 'hadoop.security.authentication', value: kind, final: false, file: '/etc/core-site.xml' }];
  return new HadoopConfiguration(properties);
}

describe('security/http/hadoop-authentication', () => {
  it('is the user that HADOOP_USER_NAME names, else the one of the process', () => {
    expect(hadoopUserName({ HADOOP_USER_NAME: 'alice' })).to.equal('alice');
    expect(hadoopUserName({ HADOOP_USER_NAME: '' })).to.equal(userInfo().username);
  });

  it('names the user in the query, without security', async () => {
    for (const kind of [undefined, 'simple', 'SIMPLE']) {
      const authentication = hadoopAuthentication(hadoop(kind), { HADOOP_USER_NAME: 'alice' });
      expect(await authentication.credentials(new URL('http://nn/'))).to.deep.equal({ query: { 'user.name': 'alice' }, headers: {} });
    }
  });

  it('refuses what it cannot do, naming the file', () => {
    expect(() => hadoopAuthentication(hadoop('kerberos'))).to.throw(KerberosNotSupportedError, '(/etc/core-site.xml)');
  });
});
