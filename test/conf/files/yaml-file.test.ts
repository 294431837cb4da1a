import { expect } from 'chai';
import {
  Configuration,
  metricsReporters,
  parseFlatFile,
  parseYamlFile,
  pipelineGlobalJobParameters,
  taskManagerTmpDirs,
  webPort,
} from '#conf';
import { failureOf } from '../temporary-directory.js';

async function configurationOf(text: string): Promise<Configuration> {
  return Configuration.empty.withEntries((await parseYamlFile(text, 'config.yaml')).entries);
}

describe('config.yaml', () => {
  it('means the same nested and flat, and as flink-conf.yaml', async () => {
    const nested = await configurationOf('rest:\n  port: 9000\n  address: "host" # comment\njobmanager:\n  rpc.port: 1\n');
    const flat = await configurationOf('rest.port: 9000\nrest.address: host\njobmanager.rpc.port: 1\n');
    const old = Configuration.empty.withEntries(
      parseFlatFile('rest.port: 9000\nrest.address: host\njobmanager.rpc.port: 1\n', 'f').entries,
    );
    const values = [nested, flat, old].map((configuration) => configuration.entries().map(({ key, value }) => `${key}=${value}`));
    expect(values[0]).to.deep.equal(values[2]);
    expect(values[1]).to.deep.equal(values[2]);
    expect(nested.get(webPort)).to.equal(9000);
  });

  it('has lists and maps', async () => {
    const configuration = await configurationOf(
      'io:\n  tmp:\n    dirs: [/a, "/b"]\nmetrics.reporters:\n  - x\n  - y\npipeline.global-job-parameters: {k: v, n: 1}\n',
    );
    expect(configuration.get(taskManagerTmpDirs)).to.deep.equal(['/a', '/b']);
    expect(configuration.get(metricsReporters)).to.deep.equal(['x', 'y']);
    expect(configuration.get(pipelineGlobalJobParameters)).to.deep.equal({ k: 'v', n: '1' });
  });

  it('keeps numbers and switches as they are written', async () => {
    const configuration = await configurationOf('a: 1.10\nb: true\nc: 0x10\nd: null\ne: 007\n');
    expect(configuration.entries().map(({ key, value }) => [key, value])).to.deep.equal([
      ['a', '1.10'],
      ['b', 'true'],
      ['c', '0x10'],
      ['e', '007'],
    ]);
  });

  it('keeps a key beside its own prefix', async () => {
    const configuration = await configurationOf('high-availability: zookeeper\nhigh-availability.storageDir: hdfs:///ha\n');
    expect(configuration.text('high-availability')).to.equal('zookeeper');
    expect(configuration.text('high-availability.storageDir')).to.equal('hdfs:///ha');
  });

  it('knows the line of every key', async () => {
    const { entries } = await parseYamlFile('# first\nrest:\n  port: 1\n', 'config.yaml');
    expect(entries[0]?.origin).to.deep.equal({ layer: 'conf-file', file: 'config.yaml', line: 3 });
  });

  it('may be empty', async () => {
    expect((await parseYamlFile('# nothing\n', 'config.yaml')).entries).to.deep.equal([]);
  });

  it('follows anchors, but not for ever', async () => {
    expect((await configurationOf('a: &x {k: 1}\nb: *x\n')).text('b.k')).to.equal('1');
    const failure = await failureOf(() => configurationOf('a: &x {k: *x}\n'));
    expect(failure.message).to.contain('config.yaml:1');
  });

  it('fails with file and line when it is not YAML, or not a map', async () => {
    expect((await failureOf(() => parseYamlFile('a: 1\nb: [1\n', 'config.yaml'))).message).to.match(/^config\.yaml:\d: not valid YAML/);
    expect((await failureOf(() => parseYamlFile('- a\n', 'config.yaml'))).message).to.contain('has to be a map');
    expect((await failureOf(() => parseYamlFile('a: 1\na: 2\n', 'config.yaml'))).message).to.contain('config.yaml:2');
  });
});
