import { expect } from 'chai';
import { HadoopConfiguration } from '#conf';
import { HdfsAddressError } from '#connectors';
import { nameNodeAddresses } from '../../../connectors/hdfs/name-node-addresses.js';

function hadoop(settings: Readonly<Record<string, string>>): HadoopConfiguration {
  return new HadoopConfiguration(Object.entries(settings).map(([name, value]) => ({ name, value, final: false, file: 'test' })));
}

describe('addresses of NameNodes', () => {
  const pair = {
    'fs.defaultFS': 'hdfs://ns1',
    'dfs.nameservices': 'ns1, ns2',
    'dfs.ha.namenodes.ns1': 'a, b',
    'dfs.namenode.rpc-address.ns1.a': 'one:8020',
    'dfs.namenode.http-address.ns1.a': 'one:50070',
    'dfs.namenode.rpc-address.ns1.b': 'two:8020',
    'dfs.namenode.rpc-address.ns2': 'three:9000',
    'dfs.namenode.http-address.ns2': '0.0.0.0:1234',
  };

  it('are those of a name service, with the usual port where only the host is known', () => {
    expect(nameNodeAddresses(hadoop(pair), 'ns1')).to.deep.equal({ root: 'hdfs://ns1', pages: ['http://one:50070', 'http://two:9870'] });
    expect(nameNodeAddresses(hadoop(pair), '')).to.deep.equal(nameNodeAddresses(hadoop(pair), 'ns1'));
    expect(nameNodeAddresses(hadoop(pair), 'ns2').pages).to.deep.equal(['http://three:1234']);
  });

  it('are found by host and RPC port', () => {
    expect(nameNodeAddresses(hadoop(pair), 'one:8020').pages).to.deep.equal(['http://one:50070']);
    expect(nameNodeAddresses(hadoop(pair), 'one').pages).to.deep.equal(['http://one:50070']);
    expect(nameNodeAddresses(hadoop({}), 'other:8020').pages).to.deep.equal(['http://other:9870']);
    expect(nameNodeAddresses(hadoop({}), '10.0.0.1').pages).to.deep.equal(['http://10.0.0.1:9870']);
    const only = { 'fs.defaultFS': 'hdfs://nn:9000', 'dfs.namenode.http-address': '0.0.0.0:9999' };
    expect(nameNodeAddresses(hadoop(only), 'nn:9000').pages).to.deep.equal(['http://nn:9999']);
    expect(nameNodeAddresses(hadoop(only), 'elsewhere:9000').pages).to.deep.equal(['http://elsewhere:9870']);
  });

  it('are those of HTTPS where that is the only one', () => {
    const secure = { ...pair, 'dfs.http.policy': 'HTTPS_ONLY', 'dfs.namenode.https-address.ns1.a': 'one:5443' };
    expect(nameNodeAddresses(hadoop(secure), 'ns1').pages).to.deep.equal(['https://one:5443', 'https://two:9871']);
  });

  it('that cannot be told are an error with the texts of Flink', () => {
    const prefix = 'The given file system URI (hdfs:///) did not describe the authority';
    expect(() => nameNodeAddresses(hadoop({}), '')).to.throw(HdfsAddressError, prefix);
    expect(() => nameNodeAddresses(hadoop({ 'fs.defaultFS': 'file:///' }), '')).to.throw(HdfsAddressError, 'contains no valid authority');
    const unresolved =
      "The Hadoop file system's authority (ns3), specified by either the file URI or the configuration, cannot be resolved.";
    expect(() => nameNodeAddresses(hadoop(pair), 'ns3')).to.throw(HdfsAddressError, unresolved);
    const half = { 'dfs.ha.namenodes.ns1': 'a', 'dfs.nameservices': 'ns1' };
    expect(() => nameNodeAddresses(hadoop(half), 'ns1'))
      .to.throw(HdfsAddressError)
      .with.property('missingKey', 'dfs.namenode.http-address.ns1.a');
  });
});
