import { expect } from 'chai';
import fc from 'fast-check';
import { LaunchEnvironmentError } from '../../../../session/yarn/launch/errors.js';
import { fromLaunchEnvironment, type LaunchSettings, toLaunchEnvironment } from '../../../../session/yarn/launch/launch-environment.js';

const SETTINGS: LaunchSettings = {
  applicationId: 'application_1_0001',
  homeDirectory: 'hdfs://nn:9000/user/alice',
  stagingDirectory: 'hdfs://nn:9000/user/alice/.flink/application_1_0001',
  taskManagerCount: 2,
  taskManagerMemoryMb: 1024,
  slotsPerTaskManager: 4,
  detached: true,
  mode: 'session',
  dynamicProperties: { 'a.b': 'x=y "z" $HOME' },
  zookeeperNamespace: 'ns',
  userName: 'alice',
  localResources: [
    { name: 'node', uri: 'hdfs://nn:9000/node', type: 'FILE', visibility: 'PRIVATE', size: 98_932_688, timestamp: 1_511_841_600_000 },
  ],
};

describe('session/yarn/launch/launch-environment', () => {
  it('comes back as it was written', () => {
    expect(fromLaunchEnvironment(toLaunchEnvironment(SETTINGS))).to.deep.equal(SETTINGS);
  });

  it('uses the names of Flink, and -1 for TaskManagers on demand', () => {
    const environment = toLaunchEnvironment({ ...SETTINGS, taskManagerCount: undefined });
    expect(environment).to.include({ _APP_ID: 'application_1_0001', _CLIENT_TM_COUNT: '-1', _SLOTS: '4', _DETACHED: 'true' });
    expect(fromLaunchEnvironment(environment).taskManagerCount).to.equal(undefined);
  });

  it('holds no character that the launch script of YARN would take for its own', () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('@@') && !value.startsWith('@') && !value.endsWith('@'));
    fc.assert(
      fc.property(text, (value) => {
        const environment = toLaunchEnvironment({ ...SETTINGS, dynamicProperties: { key: value } });
        expect(Object.values(environment).join('')).not.to.match(/["$`\\\n]/);
      }),
    );
  });

  it('says which variable is missing, or malformed', () => {
    const without = { ...toLaunchEnvironment(SETTINGS), _APP_ID: undefined };
    expect(() => fromLaunchEnvironment(without)).to.throw(LaunchEnvironmentError, '"_APP_ID" is not set');
    const malformed = { ...toLaunchEnvironment(SETTINGS), _SLOTS: 'many' };
    expect(() => fromLaunchEnvironment(malformed)).to.throw(LaunchEnvironmentError, '"_SLOTS" is "many"');
    const mode = { ...toLaunchEnvironment(SETTINGS), _FLINK_CLUSTER_MODE: 'x' };
    expect(() => fromLaunchEnvironment(mode)).to.throw(LaunchEnvironmentError, 'not one of session');
  });
});
