import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import {
  jobManagerBindHost,
  jobManagerRpcAddress,
  loadConfiguration,
  loadLogging,
  optionsFor,
  parseFlatFile,
  parseLogging,
  readMasters,
  readWorkers,
  readZooKeeperFile,
  taskManagerBindHost,
  webAddress,
} from '#conf';

const CONF = fileURLToPath(new URL('../../../conf', import.meta.url));

describe('shipped configuration', () => {
  it('opens no door beyond this host, and names no JobManager', async () => {
    const { configuration, warnings } = await loadConfiguration({ directory: CONF });
    expect([jobManagerBindHost, taskManagerBindHost, webAddress].map((option) => configuration.get(option))).to.deep.equal([
      'localhost',
      'localhost',
      'localhost',
    ]);
    expect(configuration.isSet(jobManagerRpcAddress)).to.equal(false);
    expect(warnings).to.deep.equal([]);
  });

  it('suggests in its comments only keys that exist, with values that can be read', async () => {
    const text = await readFile(join(CONF, 'flink-conf.yaml'), 'utf8');
    const suggestions = text
      .split('\n')
      .filter((line) => /^# [a-z][\w.-]+\.[\w.-]+: \S/.test(line))
      .map((line) => line.slice(2))
      .join('\n');
    const { entries } = parseFlatFile(suggestions, 'flink-conf.yaml');
    expect(entries.length).to.be.above(15);
    for (const { key, value } of entries) {
      const option = optionsFor(key)[0];
      expect(option?.names.find((name) => name.key === key)?.type.parse(value), key).not.to.equal(undefined);
    }
  });

  it('starts one JobManager and one TaskManager here, with a quorum of one', async () => {
    expect(await readMasters(CONF)).to.deep.equal([{ host: 'localhost', webPort: 8081 }]);
    expect(await readWorkers(CONF)).to.deep.equal({ hosts: ['localhost'], warnings: [] });
    expect((await readZooKeeperFile(join(CONF, 'zoo.cfg'))).servers.map(({ host }) => host)).to.deep.equal(['localhost']);
  });

  it('logs to files in the background and to the terminal in the foreground, in log4j as in logback', async () => {
    const kinds = { daemon: 'file', client: 'file', console: 'console', 'yarn-session': 'console' } as const;
    const options = { logFile: '/log/x.log' };
    for (const purpose of ['daemon', 'client', 'console', 'yarn-session'] as const) {
      const { logging, warnings } = await loadLogging(CONF, purpose, options);
      expect(warnings).to.deep.equal([]);
      expect(logging.rootLevel).to.equal('info');
      expect(
        logging.appenders.map(({ kind }) => kind),
        purpose,
      ).to.deep.equal([kinds[purpose]]);
    }
    for (const [name, kind] of [
      ['logback.xml', 'file'],
      ['logback-console.xml', 'console'],
      ['logback-yarn.xml', 'console'],
    ] as const) {
      const { logging, warnings } = await parseLogging(await readFile(join(CONF, name), 'utf8'), name, options);
      expect(warnings).to.deep.equal([]);
      expect(logging.appenders.map((appender) => [appender.kind, appender.pattern === undefined])).to.deep.equal([[kind, false]]);
    }
  });
});
