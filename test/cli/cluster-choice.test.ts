import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { Configuration } from '#conf';
import { propertiesFilePath } from '#session';
import { list } from '../../cli/actions/list.js';
import { run } from '../../cli/actions/run.js';
import { parseAction } from '../../cli/arguments/parse-action.js';
import { chooseCluster, type ClusterChoice } from '../../cli/cluster-choice.js';
import { UsageError } from '../../cli/errors.js';
import { findSession, sessionLines, sessionValues } from '../../cli/yarn/find-session.js';
import { rejection } from '../support/rejection.js';
import { useTempDirectory } from '../support/temp-directory.js';

const NOTED = 'application_1511841600000_0001';
const OTHER = 'application_1511841600000_0002';

describe('cli/cluster-choice', () => {
  const directory = useTempDirectory();

  /** What `list` would use, with a properties file and these settings. */
  async function chosen(words: readonly string[], settings: Readonly<Record<string, string>> = {}, noted = true): Promise<ClusterChoice> {
    const location = { 'yarn.properties-file.location': directory.path };
    if (noted) writeFileSync(propertiesFilePath(Configuration.of(location)), `applicationID=${NOTED}\nparallelism=8\n`);
    const parsed = await parseAction(words, words.includes('-yn') || words.includes('-yd') ? run.syntax : list.syntax);
    const flags = { ...target(parsed.value('target')), ...applicationId(parsed.value('yarnapplicationId')) };
    const configuration = Configuration.of({ ...location, ...settings, ...flags });
    const session = await findSession(parsed, configuration);
    return chooseCluster({ arguments: parsed, configuration, session });
  }

  const target = (value: string | undefined): Readonly<Record<string, string>> =>
    value === undefined ? {} : { 'execution.target': value };
  const applicationId = (value: string | undefined): Readonly<Record<string, string>> =>
    value === undefined ? {} : { 'yarn.application.id': value };

  it('is the session that the properties file names, before an address in the configuration', async () => {
    const choice = await chosen([], { 'rest.address': 'jm' });
    expect(choice).to.deep.include({ kind: 'yarn-session', applicationId: NOTED });
    expect(await chosen(['-yd'])).to.deep.include({ kind: 'yarn-session', applicationId: NOTED });
    expect(await chosen(['-t', 'yarn-session'])).to.deep.include({ kind: 'yarn-session', applicationId: NOTED });
  });

  it('is another one with -yid, which wins over -m', async () => {
    expect(await chosen(['-yid', OTHER])).to.deep.equal({ kind: 'yarn-session', applicationId: OTHER, file: undefined });
    expect(await chosen(['-yid', OTHER, '-m', 'jm:8081'])).to.deep.include({ applicationId: OTHER });
  });

  it('is the address of -m, or what -t says, whatever the properties file names', async () => {
    expect(await chosen(['-m', 'jm:8081'])).to.deep.include({ kind: 'remote', target: { host: 'jm', port: 8081 } });
    expect(await chosen(['-t', 'local'])).to.deep.equal({ kind: 'local' });
    expect(await chosen(['-t', 'remote'], { 'rest.address': 'jm' })).to.deep.include({ kind: 'remote' });
  });

  it('is a new cluster with -m yarn-cluster and -t yarn-per-job', async () => {
    expect(await chosen(['-m', 'yarn-cluster'])).to.deep.equal({ kind: 'yarn-per-job' });
    expect(await chosen(['-t', 'yarn-per-job'])).to.deep.equal({ kind: 'yarn-per-job' });
    expect(await chosen(['-t', 'yarn-application'])).to.deep.equal({ kind: 'yarn-application' });
  });

  it('does not look into the properties file with an option for YARN other than -yd', async () => {
    expect(await chosen(['-yn', '2'])).to.deep.equal({ kind: 'local' });
  });

  it('is refused when a session is asked for and none is known', async () => {
    expect(await rejection(chosen(['-t', 'yarn-session'], {}, false))).to.be.instanceOf(UsageError);
  });

  it('takes the parallelism and the properties of the session over', () => {
    const session = { file: '/tmp/f', applicationId: NOTED, parallelism: 8, dynamicProperties: { a: 'b' } };
    expect(sessionValues(session)).to.deep.equal({ a: 'b', 'parallelism.default': '8' });
    expect(sessionLines(session)).to.deep.equal(['Found YARN properties file /tmp/f', 'YARN properties set default parallelism to 8']);
    expect(sessionLines({ ...session, parallelism: undefined })).to.have.length(1);
  });
});
