import { option } from '../option.js';
import { durationMs } from '../types/duration.js';
import { oneOf } from '../types/one-of.js';
import { portRanges } from '../types/port-ranges.js';
import { boolean, intFrom, string } from '../types/scalars.js';
import { akkaAskTimeout } from './timeouts.js';

const group = 'High availability';

export const highAvailability = option({
  key: 'high-availability',
  type: string,
  default: 'NONE',
  group,
  takesEffect: 'not-yet',
  aliases: ['high-availability.type'],
  deprecatedKeys: ['recovery.mode'],
  description: 'Who elects the leading JobManager: "NONE", "zookeeper", "kubernetes", or the name of a factory.',
});

export const highAvailabilityClusterId = option({
  key: 'high-availability.cluster-id',
  type: string,
  default: '/default',
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['high-availability.zookeeper.path.namespace', 'recovery.zookeeper.path.namespace'],
  defaultNote: '/default; on YARN the application id',
  description: 'Name that keeps clusters with the same ZooKeeper apart.',
});

export const highAvailabilityStorageDir = option({
  key: 'high-availability.storageDir',
  type: string,
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['high-availability.zookeeper.storageDir', 'recovery.zookeeper.storageDir'],
  description:
    "Directory of the JobManager's metadata, reachable by all of them; ZooKeeper only points at it. Needed for high availability.",
});

export const highAvailabilityJobDelay = option({
  key: 'high-availability.job.delay',
  type: durationMs,
  fallback: akkaAskTimeout,
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['recovery.job.delay'],
  description: 'Time that a new leader waits before it starts the jobs of the old one.',
});

export const highAvailabilityJobManagerPort = option({
  key: 'high-availability.jobmanager.port',
  type: portRanges,
  default: '0',
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['recovery.jobmanager.port'],
  description: 'Port of the JobManager with high availability: a port, a list or a range. 0 lets the system choose.',
});

export const zookeeperQuorum = option({
  key: 'high-availability.zookeeper.quorum',
  type: string,
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['recovery.zookeeper.quorum'],
  description: 'ZooKeeper servers, as "host:port" separated by commas. Needed with "zookeeper".',
});

export const zookeeperPathRoot = option({
  key: 'high-availability.zookeeper.path.root',
  type: string,
  default: '/flink',
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['recovery.zookeeper.path.root'],
  description: 'Node of ZooKeeper below which everything lies.',
});

export const zookeeperPathLatch = option({
  key: 'high-availability.zookeeper.path.latch',
  type: string,
  default: '/leaderlatch',
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['recovery.zookeeper.path.latch'],
  description: 'Node of the leader election.',
});

export const zookeeperPathLeader = option({
  key: 'high-availability.zookeeper.path.leader',
  type: string,
  default: '/leader',
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['recovery.zookeeper.path.leader'],
  description: "Node that holds the leader's address.",
});

export const zookeeperPathJobgraphs = option({
  key: 'high-availability.zookeeper.path.jobgraphs',
  type: string,
  default: '/jobgraphs',
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['recovery.zookeeper.path.jobgraphs'],
  description: 'Node that points at the running jobs.',
});

export const zookeeperPathCheckpoints = option({
  key: 'high-availability.zookeeper.path.checkpoints',
  type: string,
  default: '/checkpoints',
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['recovery.zookeeper.path.checkpoints'],
  description: 'Node that points at completed checkpoints.',
});

export const zookeeperPathCheckpointCounter = option({
  key: 'high-availability.zookeeper.path.checkpoint-counter',
  type: string,
  default: '/checkpoint-counter',
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['recovery.zookeeper.path.checkpoint-counter'],
  description: 'Node that counts checkpoints.',
});

export const zookeeperPathRunningRegistry = option({
  key: 'high-availability.zookeeper.path.running-registry',
  type: string,
  default: '/running_job_registry/',
  group,
  takesEffect: 'not-yet',
  description: 'Node that knows which jobs are pending, running or done.',
});

export const zookeeperPathMesosWorkers = option({
  key: 'high-availability.zookeeper.path.mesos-workers',
  type: string,
  default: '/mesos-workers',
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['recovery.zookeeper.path.mesos-workers'],
  description: 'Node that knows the tasks on Mesos.',
});

export const zookeeperSessionTimeout = option({
  key: 'high-availability.zookeeper.client.session-timeout',
  type: durationMs,
  default: '60000',
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['recovery.zookeeper.client.session-timeout'],
  description: 'After how long without contact ZooKeeper takes a process for dead.',
});

export const zookeeperConnectionTimeout = option({
  key: 'high-availability.zookeeper.client.connection-timeout',
  type: durationMs,
  default: '15000',
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['recovery.zookeeper.client.connection-timeout'],
  description: 'How long connecting to ZooKeeper may take.',
});

export const zookeeperRetryWait = option({
  key: 'high-availability.zookeeper.client.retry-wait',
  type: durationMs,
  default: '5000',
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['recovery.zookeeper.client.retry-wait'],
  description: 'Time between two attempts to reach ZooKeeper.',
});

export const zookeeperMaxRetryAttempts = option({
  key: 'high-availability.zookeeper.client.max-retry-attempts',
  type: intFrom(0),
  default: '3',
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['recovery.zookeeper.client.max-retry-attempts'],
  description: 'How often an operation of ZooKeeper is tried again.',
});

export const zookeeperAcl = option({
  key: 'high-availability.zookeeper.client.acl',
  type: oneOf('open', 'creator'),
  default: 'open',
  group,
  takesEffect: 'not-yet',
  description: 'Who may change what is written to ZooKeeper: everybody, or only who wrote it (needs SASL).',
});

export const zookeeperSaslDisable = option({
  key: 'zookeeper.sasl.disable',
  type: boolean,
  default: 'false',
  group,
  takesEffect: 'not-yet',
  description: 'Whether ZooKeeper is contacted without SASL even where a login for it is configured.',
});

export const zookeeperSaslServiceName = option({
  key: 'zookeeper.sasl.service-name',
  type: string,
  default: 'zookeeper',
  group,
  takesEffect: 'not-yet',
  description: 'First part of the Kerberos principal of the ZooKeeper servers.',
});

export const zookeeperSaslLoginContextName = option({
  key: 'zookeeper.sasl.login-context-name',
  type: string,
  default: 'Client',
  group,
  takesEffect: 'not-yet',
  description: 'Login context for ZooKeeper; the name has to be in "security.kerberos.login.contexts" too.',
});
