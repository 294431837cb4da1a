import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterSecretOf, newClusterSecret, readContainerCredentials } from '../../../../session/yarn/launch/container-credentials.js';
import { LaunchEnvironmentError } from '../../../../session/yarn/launch/errors.js';
import { writeCredentials } from '../../../../session/yarn/rpc/credentials.js';
import { rejection } from '../../../support/rejection.js';
import { useTempDirectory } from '../../../support/temp-directory.js';

describe('session/yarn/launch/container-credentials', () => {
  const directory = useTempDirectory();

  it('finds in the token file of a container the secret that the client made, another each time', async () => {
    const [[alias, text] = ['', '']] = Object.entries(newClusterSecret());
    const file = join(directory.path, 'container_tokens');
    writeFileSync(file, writeCredentials({ tokens: [], secrets: [{ alias, secret: Buffer.from(text, 'base64') }] }));
    const credentials = await readContainerCredentials({ HADOOP_TOKEN_FILE_LOCATION: file });
    expect(clusterSecretOf(credentials)).to.equal(text).and.to.have.length(44);
    expect(Object.values(newClusterSecret())).not.to.include(text);
  });

  it('says what is missing', async () => {
    expect(() => clusterSecretOf({ tokens: [], secrets: [] })).to.throw(LaunchEnvironmentError, 'without the secret of the cluster');
    expect(await rejection(readContainerCredentials({}))).to.be.instanceOf(LaunchEnvironmentError);
    const gone = await rejection(readContainerCredentials({ HADOOP_TOKEN_FILE_LOCATION: join(directory.path, 'gone') }));
    expect(gone).to.have.property('message').that.includes('gone", which cannot be read');
  });
});
