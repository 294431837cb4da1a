import { expect } from 'chai';
import { Configuration, type KeyValues } from '#conf';
import { taskManagerLaunchContext } from '../../../../session/yarn/application-master/launch-context.js';
import { ContainerTooSmallError } from '../../../../session/yarn/launch/errors.js';
import { fromLaunchEnvironment, type LaunchSettings } from '../../../../session/yarn/launch/launch-environment.js';
import { AMRM_TOKEN_KIND, type HadoopCredentials, readCredentials } from '../../../../session/yarn/rpc/credentials.js';
import type { LaunchContextMessage } from '../../../../session/yarn/rpc/yarn-messages.js';
import { taskManagerConfiguration } from '../../../../session/yarn/task-manager/task-manager-configuration.js';
import { taskManagerMemory } from '#conf';

const LAUNCH: LaunchSettings = {
  applicationId: 'application_1_0001',
  homeDirectory: 'hdfs://nn:9000/user/ann',
  stagingDirectory: 'hdfs://nn:9000/user/ann/.flink/application_1_0001',
  taskManagerCount: 2,
  taskManagerMemoryMb: 1024,
  slotsPerTaskManager: 2,
  detached: true,
  mode: 'session',
  dynamicProperties: { a: 'b' },
  zookeeperNamespace: 'application_1_0001',
  userName: 'ann',
  localResources: [
    {
      name: 'flink-ts',
      uri: 'hdfs://nn:9000/c/f%20ts.tgz',
      type: 'ARCHIVE',
      visibility: 'PRIVATE',
      size: 2 ** 40,
      timestamp: 1795861619621,
    },
    { name: 'node', uri: 'hdfs://nn:9000/c/node', type: 'FILE', visibility: 'APPLICATION', size: 1, timestamp: 2 },
  ],
};
const token = (kind: string): HadoopCredentials['tokens'][number] => ({
  alias: kind,
  token: { identifier: Buffer.from('i'), password: Buffer.from('p'), kind, service: '' },
});
const CREDENTIALS: HadoopCredentials = {
  tokens: [token(AMRM_TOKEN_KIND), token('HDFS_DELEGATION_TOKEN')],
  secrets: [{ alias: 's', secret: Buffer.from('x') }],
};

function contextOf(configuration: KeyValues = {}, changes: Partial<LaunchSettings> = {}): LaunchContextMessage {
  return taskManagerLaunchContext({ ...LAUNCH, ...changes }, Configuration.of(configuration), CREDENTIALS);
}

function environmentOf({ environment }: LaunchContextMessage): Record<string, string> {
  return Object.fromEntries(environment.map(({ key, value }) => [key, value]));
}

describe('taskManagerLaunchContext', () => {
  it('names the files as the client staged them', () => {
    const [runtime] = contextOf().localResources;
    expect(runtime).to.deep.equal({
      key: 'flink-ts',
      value: {
        resource: { scheme: 'hdfs', host: 'nn', port: 9000, file: '/c/f ts.tgz' },
        size: '1099511627776',
        timestamp: '1795861619621',
        type: 1,
        visibility: 2,
      },
    });
  });

  it('runs the Node that ships, with the heap that the cutoff leaves', () => {
    const [command] = contextOf().command;
    expect(command).to.include('./node --max-old-space-size=').and.to.include('flink-ts/dist');
    expect(command).to.include('1><LOG_DIR>/taskmanager.out 2><LOG_DIR>/taskmanager.err');
    expect(contextOf({}, { localResources: [] }).command[0]).to.include(process.execPath);
    expect(contextOf({ 'env.java.home': '/opt/node' }, { localResources: [] }).command[0]).to.include('/opt/node/bin/node');
  });

  it('passes on all tokens but that of the master', () => {
    const { tokens, secrets } = readCredentials(contextOf().tokens);
    expect(tokens.map(({ token: { kind } }) => kind)).to.deep.equal(['HDFS_DELEGATION_TOKEN']);
    expect(secrets).to.have.length(1);
  });

  it('gives the environment of containerized.taskmanager.env, and what the TaskManager reads', () => {
    const environment = environmentOf(contextOf({ 'containerized.taskmanager.env.LD_PRELOAD': '/lib/x.so' }));
    expect(environment).to.include({ LD_PRELOAD: '/lib/x.so', HADOOP_USER_NAME: 'ann' });
    expect(fromLaunchEnvironment(environment)).to.deep.equal({ ...LAUNCH, localResources: [] });
  });

  it('refuses containers that leave no heap', () => {
    expect(() => contextOf({}, { taskManagerMemoryMb: 512 })).to.throw(ContainerTooSmallError, 'containerized.heap-cutoff-min');
  });
});

describe('taskManagerConfiguration', () => {
  it('leaves 424 MB of a container of 1024', () => {
    const configuration = taskManagerConfiguration(Configuration.of({}), LAUNCH);
    expect(taskManagerMemory(configuration).totalBytes).to.equal(424 * 1024 * 1024);
    expect(configuration.text('taskmanager.numberOfTaskSlots')).to.equal('2');
    expect(configuration.text('high-availability.cluster-id')).to.equal('application_1_0001');
  });
});
