import { join } from 'node:path';
import type { DaemonPlan } from './daemon.js';
import { javaDaemon } from './java-daemon.js';
import type { PlanContext, ServicePlan, YarnOptions } from './service.js';

const HOST = '127.0.0.1';
const RESOURCE_MANAGER = 'org.apache.hadoop.yarn.server.resourcemanager.ResourceManager';
const NODE_MANAGER = 'org.apache.hadoop.yarn.server.nodemanager.NodeManager';

/** A real ResourceManager, which remembers its applications through a restart, and NodeManagers, whose containers outlive theirs. */
export async function planYarn(context: PlanContext, { nodeManagers = 1, classicMemoryChecks = false }: YarnOptions): Promise<ServicePlan> {
  const addresses = await resourceManagerAddresses(context);
  const daemons = [javaDaemon(context, 'resourcemanager', 'yarn', { main: RESOURCE_MANAGER, heapMb: 160 })];
  for (let number = 1; number <= nodeManagers; number++) daemons.push(await nodeManager(context, number));
  const conf = { ...addresses, ...scheduling, ...recovery(context), ...containers(classicMemoryChecks) };
  const web = `http://${addresses['yarn.resourcemanager.webapp.address']!}`;
  return { name: 'yarn', daemons, conf, exports: { RESOURCEMANAGER_HTTP: web } };
}

async function resourceManagerAddresses({ ports }: PlanContext): Promise<Record<string, string>> {
  const conf: Record<string, string> = { 'yarn.resourcemanager.hostname': HOST };
  for (const kind of ['', 'scheduler.', 'resource-tracker.', 'admin.', 'webapp.']) {
    conf[`yarn.resourcemanager.${kind}address`] = `${HOST}:${await ports.next()}`;
  }
  return conf;
}

async function nodeManager(context: PlanContext, number: number): Promise<DaemonPlan> {
  const { ports, home } = context;
  const data = join(home, 'data', `nodemanager-${number}`);
  const conf = {
    'yarn.nodemanager.address': `${HOST}:${await ports.next()}`,
    'yarn.nodemanager.localizer.address': `${HOST}:${await ports.next()}`,
    'yarn.nodemanager.webapp.address': `${HOST}:${await ports.next()}`,
    'yarn.nodemanager.local-dirs': join(data, 'local'),
    'yarn.nodemanager.log-dirs': join(data, 'logs'),
    'yarn.nodemanager.recovery.dir': join(data, 'recovery'),
  };
  return javaDaemon(context, `nodemanager-${number}`, 'yarn', { main: NODE_MANAGER, heapMb: 128, conf });
}

/** Heartbeats five times as often as usual make everything quick. */
const scheduling: Readonly<Record<string, string>> = {
  'yarn.scheduler.minimum-allocation-mb': '64',
  'yarn.scheduler.maximum-allocation-mb': '4096',
  'yarn.scheduler.capacity.root.queues': 'default',
  'yarn.scheduler.capacity.root.default.capacity': '100',
  'yarn.scheduler.capacity.maximum-am-resource-percent': '0.9',
  'yarn.scheduler.capacity.resource-calculator': 'org.apache.hadoop.yarn.util.resource.DominantResourceCalculator',
  'yarn.resourcemanager.nodemanagers.heartbeat-interval-ms': '200',
};

function recovery({ home }: PlanContext): Record<string, string> {
  return {
    'yarn.resourcemanager.recovery.enabled': 'true',
    'yarn.resourcemanager.store.class': 'org.apache.hadoop.yarn.server.resourcemanager.recovery.LeveldbRMStateStore',
    'yarn.resourcemanager.leveldb-state-store.path': join(home, 'data', 'resourcemanager'),
    'yarn.resourcemanager.work-preserving-recovery.scheduling-wait-ms': '1000',
    'yarn.resourcemanager.connect.retry-interval.ms': '500',
    'yarn.nodemanager.recovery.enabled': 'true',
    'yarn.nodemanager.recovery.supervised': 'true',
  };
}

/** Directories of ended containers are kept for some minutes, to look into. A disk that is nearly full is good enough. */
function containers(classicMemoryChecks: boolean): Record<string, string> {
  return {
    'yarn.nodemanager.resource.memory-mb': '4096',
    'yarn.nodemanager.resource.cpu-vcores': '8',
    'yarn.nodemanager.resource.memory.enforced': String(!classicMemoryChecks),
    'yarn.nodemanager.vmem-check-enabled': String(classicMemoryChecks),
    'yarn.nodemanager.env-whitelist': 'JAVA_HOME,HADOOP_COMMON_HOME,HADOOP_HDFS_HOME,HADOOP_CONF_DIR,PATH,LANG,TZ',
    'yarn.nodemanager.delete.debug-delay-sec': '600',
    'yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage': '99.5',
    'yarn.nodemanager.disk-health-checker.disk-utilization-watermark-low-per-disk-percentage': '99.0',
    'yarn.log-aggregation-enable': 'true',
    'yarn.nodemanager.remote-app-log-dir': '/app-logs',
  };
}
