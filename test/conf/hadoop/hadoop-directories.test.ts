import { join, relative } from 'node:path';
import { expect } from 'chai';
import { Configuration, findHadoopFiles, loadHadoopConfiguration } from '#conf';
import { withFiles } from '../temporary-directory.js';

function site(value: string, final = ''): string {
  return `<configuration><property><name>dfs.replication</name><value>${value}</value>${final}</property></configuration>`;
}

const FILES = {
  'default.xml': site('default'),
  'site.xml': site('site'),
  'key/core-site.xml': site('key'),
  'key/hdfs-site.xml': site('key'),
  'env/core-site.xml': site('env'),
  'option/core-site.xml': site('option'),
  'home/conf/hdfs-site.xml': site('home'),
  'home/etc/hadoop/hdfs-site.xml': site('etc'),
  'final/hdfs-site.xml': site('final', '<final>true</final>'),
  'yarn/yarn-site.xml': site('yarn'),
};

describe('Hadoop directories', () => {
  it('are looked through in the documented order', async () => {
    await withFiles(FILES, async (root) => {
      const configuration = Configuration.of({
        'fs.hdfs.hdfsdefault': join(root, 'default.xml'),
        'fs.hdfs.hdfssite': join(root, 'site.xml'),
        'fs.hdfs.hadoopconf': join(root, 'key'),
        'env.hadoop.conf.dir': join(root, 'option'),
        'env.yarn.conf.dir': join(root, 'yarn'),
      });
      const found = async (environment: Readonly<Record<string, string>>): Promise<readonly string[]> =>
        (await findHadoopFiles(configuration, environment)).map((file) => relative(root, file).replaceAll('\\', '/'));
      expect(await found({ HADOOP_CONF_DIR: join(root, 'env'), HADOOP_HOME: join(root, 'home') })).to.deep.equal([
        'default.xml',
        'site.xml',
        'key/core-site.xml',
        'key/hdfs-site.xml',
        'env/core-site.xml',
        'yarn/yarn-site.xml',
        'home/conf/hdfs-site.xml',
        'home/etc/hadoop/hdfs-site.xml',
      ]);
      expect(await found({})).to.include('option/core-site.xml');
    });
  });

  it('override each other, so that HADOOP_HOME beats the key unless a value is final', async () => {
    await withFiles(FILES, async (root) => {
      const replicationWith = async (key: string): Promise<string | undefined> => {
        const configuration = Configuration.of({ 'fs.hdfs.hadoopconf': join(root, key) });
        return (await loadHadoopConfiguration(configuration, { environment: { HADOOP_HOME: join(root, 'home') } })).get('dfs.replication');
      };
      expect(await replicationWith('key')).to.equal('etc');
      expect(await replicationWith('final')).to.equal('final');
    });
  });

  it('give way to settings of our own', async () => {
    await withFiles(FILES, async (root) => {
      const configuration = Configuration.of({
        'fs.hdfs.hadoopconf': join(root, 'final'),
        'flink.hadoop.dfs.replication': '2',
        'flink.yarn.resourcemanager.address': 'rm:1',
      });
      const hadoop = await loadHadoopConfiguration(configuration, { environment: {} });
      expect([hadoop.get('dfs.replication'), hadoop.get('yarn.resourcemanager.address')]).to.deep.equal(['2', 'rm:1']);
    });
  });
});
