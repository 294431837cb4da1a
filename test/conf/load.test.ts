import { join } from 'node:path';
import { expect } from 'chai';
import { ConfigurationDirectoryError, findConfigurationDirectory, loadConfiguration, webPort } from '#conf';
import { failureOf, withFiles } from './temporary-directory.js';

describe('configuration directory', () => {
  it('is the one named on the command line, by FLINK_CONF_DIR, of the installation, of the working directory, in this order', async () => {
    const files = ['named', 'env', 'installation/conf', 'work/conf'].map((directory) => [`${directory}/flink-conf.yaml`, 'a: 1'] as const);
    await withFiles(Object.fromEntries(files), async (root) => {
      const environment = { FLINK_CONF_DIR: join(root, 'env') };
      const installation = join(root, 'installation');
      const workingDirectory = join(root, 'work');
      const nowhere = join(root, 'nowhere');
      expect(await findConfigurationDirectory({ directory: join(root, 'named'), environment })).to.equal(join(root, 'named'));
      expect(await findConfigurationDirectory({ environment, installation, workingDirectory })).to.equal(join(root, 'env'));
      expect(await findConfigurationDirectory({ environment: {}, installation, workingDirectory })).to.equal(join(installation, 'conf'));
      expect(await findConfigurationDirectory({ environment: {}, installation: nowhere, workingDirectory })).to.equal(
        join(workingDirectory, 'conf'),
      );
      expect(await findConfigurationDirectory({ environment: {}, installation: nowhere, workingDirectory: nowhere })).to.equal(undefined);
    });
  });

  it('has to exist and hold a file when FLINK_CONF_DIR names it', async () => {
    await withFiles({ 'empty/readme': '' }, async (root) => {
      for (const directory of ['missing', 'empty']) {
        const failure = await failureOf(() => findConfigurationDirectory({ environment: { FLINK_CONF_DIR: join(root, directory) } }));
        expect(failure).to.be.instanceOf(ConfigurationDirectoryError);
        expect(failure.message).to.contain('FLINK_CONF_DIR').and.to.contain(directory);
      }
    });
  });

  it('does not take a foreign "conf" folder for one', async () => {
    await withFiles({ 'conf/nginx.conf': '' }, async (root) => {
      expect(await findConfigurationDirectory({ environment: {}, installation: root, workingDirectory: root })).to.equal(undefined);
    });
  });

  it('of this installation is found without being named', async () => {
    const { directory, warnings } = await loadConfiguration({ environment: {} });
    expect(directory).to.match(/conf$/);
    expect(warnings).to.deep.equal([]);
  });
});

describe('loading the configuration', () => {
  it('reads flink-conf.yaml where both files exist, and says that it leaves out the other', async () => {
    await withFiles({ 'flink-conf.yaml': 'web.port: 1', 'config.yaml': 'web.port: 2' }, async (directory) => {
      const { configuration, warnings } = await loadConfiguration({ directory });
      expect(configuration.get(webPort)).to.equal(1);
      expect(warnings.map(({ kind, file }) => [kind, file])).to.deep.equal([['ignored-file', join(directory, 'config.yaml')]]);
    });
  });

  it('reads config.yaml where there is nothing else', async () => {
    await withFiles({ 'config.yaml': 'web:\n  port: 2' }, async (directory) => {
      expect((await loadConfiguration({ directory })).configuration.get(webPort)).to.equal(2);
    });
  });

  it('lays the command line over the file', async () => {
    await withFiles({ 'flink-conf.yaml': 'web.port: 1' }, async (directory) => {
      const { configuration } = await loadConfiguration({ directory, dynamicProperties: { 'rest.port': '2' } });
      expect(configuration.get(webPort)).to.equal(2);
    });
  });

  it('collects what its user should know', async () => {
    await withFiles({ 'flink-conf.yaml': 'jobmanager.web.port: 9000\nbroken\njobmanger.rpc.port: 1\n' }, async (directory) => {
      const { warnings } = await loadConfiguration({ directory });
      expect(warnings.map(({ kind, line }) => [kind, line])).to.deep.equal([
        ['broken-line', 2],
        ['deprecated-key', 1],
        ['unknown-key', 3],
      ]);
    });
  });
});
