import { get } from 'node:http';
import { join } from 'node:path';
import { Configuration, type KeyValues, loadHadoopConfiguration } from '#conf';
import { registerFileSystems } from '#connectors';
import { packageRoot } from '../../../session/package-root.js';
import { clusterSpecification } from '../../../session/yarn/client/cluster-specification.js';
import { deployCluster } from '../../../session/yarn/client/deployment/deploy-cluster.js';
import type { DeployedCluster } from '../../../session/yarn/client/deployment/deployment-request.js';
import { ResourceManagerClient } from '../../../session/yarn/client/resource-manager/client.js';
import { type ApplicationReport, hasEnded } from '../../../session/yarn/client/resource-manager/reports.js';
import { poll } from '../../testbed/poll.js';
import { processesWith, signal } from '../../testbed/processes.js';
import type { Testbed } from '../../testbed/testbed.js';

/** A TaskManager, as REST shows it. */
export interface TaskManager {
  readonly id: string;
  readonly pid: number;
}

/** The machine that runs the tests may be slow. */
const WITHIN_MS = 90_000;

export interface SessionOptions {
  readonly configuration?: KeyValues;
  /** undefined: on demand. */
  readonly taskManagers?: number;
  /** Hears what a user would. */
  readonly progress?: (text: string) => void;
}

/** Sizes that let several sessions run side by side on a testbed. */
const SMALL: KeyValues = {
  'jobmanager.heap.mb': '768',
  'taskmanager.heap.mb': '512',
  'containerized.heap-cutoff-min': '256',
  'yarn.heartbeat-delay': '1',
  'heartbeat.interval': '1000',
};

/** A session on a testbed, spoken to as clients do. */
export class SessionCluster {
  private constructor(
    readonly deployed: DeployedCluster,
    readonly resourceManager: ResourceManagerClient,
  ) {}

  static async start(
    testbed: Testbed,
    { configuration = {}, taskManagers, progress = () => {} }: SessionOptions = {},
  ): Promise<SessionCluster> {
    const effective = Configuration.of({ ...SMALL, 'fs.hdfs.hadoopconf': testbed.confDirectory, ...configuration });
    const hadoop = await loadHadoopConfiguration(effective, { environment: { ...process.env, HADOOP_CONF_DIR: testbed.confDirectory } });
    registerFileSystems(effective.toJSON());
    const deployed = await deployCluster({
      configuration: effective,
      configurationDirectory: join(packageRoot, 'conf'),
      hadoop,
      specification: clusterSpecification(effective, taskManagers),
      mode: 'session',
      detached: true,
      defaultName: 'test session',
      dynamicProperties: {},
      zookeeperNamespace: undefined,
      listener: { progress, warning: () => {} },
      signal: AbortSignal.timeout(180_000),
    });
    return new SessionCluster(deployed, ResourceManagerClient.of(hadoop));
  }

  get applicationId(): string {
    return this.deployed.applicationId;
  }

  report(): Promise<ApplicationReport> {
    return this.resourceManager.report(this.applicationId);
  }

  /** A GET of the JobManager's REST. Throws while it is away. */
  async rest<T>(path: string): Promise<T> {
    const { amRPCAddress = '' } = await this.report();
    return JSON.parse(await request('GET', `http://${amRPCAddress}${path}`)) as T;
  }

  /** Waits until so many TaskManagers are registered, other than `before`; answers them. */
  async taskManagers(count: number, before: readonly TaskManager[] = []): Promise<readonly TaskManager[]> {
    const gone = before.map(({ id }) => id);
    return await poll(`${count} TaskManagers`, WITHIN_MS, async () => {
      const { taskmanagers } = await this.rest<{ taskmanagers: readonly TaskManager[] }>('/taskmanagers');
      return taskmanagers.length === count && taskmanagers.every(({ id }) => !gone.includes(id)) && taskmanagers;
    });
  }

  /** Waits for the end of the application. */
  async ended(): Promise<ApplicationReport> {
    return await poll('end of the application', WITHIN_MS, async () => {
      const report = await this.report();
      return hasEnded(report.state) && report;
    });
  }

  async killMaster(attempt: number): Promise<void> {
    await killMaster(this.applicationId, attempt);
  }

  async shutDown(): Promise<void> {
    const { amRPCAddress = '' } = await this.report();
    await request('DELETE', `http://${amRPCAddress}/cluster`);
  }
}

/** Kills an ApplicationMaster as it stands. Its container's name tells how often the ResourceManager was restarted. */
export async function killMaster(applicationId: string, attempt: number): Promise<void> {
  const end = `${applicationId.replace('application', '')}_${String(attempt).padStart(2, '0')}_000001`;
  const processes = (): readonly number[] => processesWith((text) => text.startsWith('CONTAINER_ID=') && text.endsWith(end));
  await poll('an ApplicationMaster to kill', WITHIN_MS, () => processes().length > 0);
  await poll('end of the ApplicationMaster', WITHIN_MS, () => {
    for (const pid of processes()) signal(pid, 'SIGKILL');
    return processes().length === 0;
  });
}

function request(method: string, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = get(url, { method, timeout: 5000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve(Buffer.concat(chunks).toString('utf8'));
      });
      response.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`${url} does not answer`)));
    sent.on('error', reject);
  });
}
