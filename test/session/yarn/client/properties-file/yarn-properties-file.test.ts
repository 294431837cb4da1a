import { expect } from 'chai';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Configuration } from '#conf';
import { YarnPropertiesFileError } from '../../../../../session/yarn/client/properties-file/errors.js';
import {
  propertiesFilePath,
  readPropertiesFile,
  removePropertiesFile,
  writePropertiesFile,
} from '../../../../../session/yarn/client/properties-file/yarn-properties-file.js';
import { rejection } from '../../../../support/rejection.js';
import { useTempDirectory } from '../../../../support/temp-directory.js';

const ID = 'application_1511841600000_0001';
const SESSION = { applicationId: ID, parallelism: 8, dynamicProperties: { 'state.backend': 'filesystem', p: 'hdfs://nn:9000/x' } };

describe('session/yarn/client/properties-file/yarn-properties-file', () => {
  const directory = useTempDirectory();
  const file = (): string => join(directory.path, '.yarn-properties-me');

  it('lies where Flink has it', () => {
    const configuration = Configuration.of({ 'yarn.properties-file.location': '/etc/sessions' });
    expect(propertiesFilePath(configuration)).to.equal(`/etc/sessions/.yarn-properties-${userInfo().username}`);
  });

  it('is read back as it was noted, and may be read by everybody', async () => {
    await writePropertiesFile(file(), SESSION, Date.UTC(2017, 10, 28));
    expect(await readPropertiesFile(file())).to.deep.equal({ ...SESSION, file: file() });
    expect(statSync(file()).mode & 0o777).to.equal(0o644);
    expect(readFileSync(file(), 'latin1')).to.match(/^#Generated YARN properties file\n#Tue Nov 28 00:00:00 UTC 2017\n/);
  });

  it('takes the place of the one before', async () => {
    await writePropertiesFile(file(), SESSION, 0);
    await writePropertiesFile(file(), { ...SESSION, applicationId: 'application_1511841600000_0002', parallelism: undefined }, 0);
    const read = await readPropertiesFile(file());
    expect([read?.applicationId, read?.parallelism]).to.deep.equal(['application_1511841600000_0002', undefined]);
  });

  it('reads a file of Flink', async () => {
    const dynamic = 'dynamicPropertiesString=state.backend\\=filesystem@@x.y\\=a\\:b';
    writeFileSync(
      file(),
      `#Generated YARN properties file\n#Tue Nov 28 04:00:00 UTC 2017\nparallelism=4\n${dynamic}\napplicationID=${ID}\n`,
    );
    const read = await readPropertiesFile(file());
    expect(read).to.deep.include({ applicationId: ID, parallelism: 4, dynamicProperties: { 'state.backend': 'filesystem', 'x.y': 'a:b' } });
  });

  it('may be missing', async () => {
    expect(await readPropertiesFile(file())).to.equal(undefined);
  });

  for (const [text, message] of [
    ['parallelism=4\n', "Yarn properties file found but doesn't contain a Yarn application id. Please delete the file at"],
    ['applicationID=session\n', 'YARN properties contains an invalid entry for application id: session'],
    [`applicationID=${ID}\nparallelism=x\n`, 'YARN properties contains an invalid entry for parallelism: x'],
  ] as const) {
    it(`refuses ${JSON.stringify(text)}, naming the file`, async () => {
      writeFileSync(file(), text);
      const error = await rejection(readPropertiesFile(file()));
      expect(error).to.be.instanceOf(YarnPropertiesFileError);
      expect(String(error)).to.include(message).and.to.include(file());
    });
  }

  it('is removed for the session it tells of, and for no other', async () => {
    await writePropertiesFile(file(), SESSION, 0);
    await removePropertiesFile(file(), 'application_1511841600000_0009');
    expect(existsSync(file())).to.equal(true);
    await removePropertiesFile(file(), ID);
    expect(existsSync(file())).to.equal(false);
  });
});
