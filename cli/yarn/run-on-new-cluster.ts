import { basename } from 'node:path';
import { loadHadoopConfiguration } from '#conf';
import { deployCluster, type DeployedCluster, describeCluster, ResourceManagerClient, stopCluster } from '#session';
import type { ActionContext } from '../action.js';
import { programArguments } from '../arguments/program-arguments.js';
import { compileProgram, runProgramOn } from '../run-program.js';
import { deploymentRequest } from './session-request.js';
import { withSlots } from './slots.js';
import { tellCluster } from './tell-cluster.js';

/**
 * Runs a program on a cluster of its own, which ends with it: attached when the client is done, detached when its job is.
 * Throws what {@link deployCluster} throws, and what running a program throws.
 */
export async function runOnNewCluster(context: ActionContext): Promise<number> {
  const { arguments: parsed, terminal } = context;
  if (parsed.flag('yarnquery')) {
    terminal.print(await describeCluster(ResourceManagerClient.of(await loadHadoopConfiguration(context.configuration))));
    return 0;
  }
  const detached = parsed.flag('detached') || parsed.flag('yarndetached');
  const program = await compileProgram(context);
  const { file, entry } = programArguments(parsed);
  const sized = { ...context, configuration: withSlots(context) };
  const request = await deploymentRequest(sized, {
    mode: detached ? 'one-job' : 'jobs',
    detached,
    defaultName: `Flink Application: ${entry ?? basename(file)}`,
    spelling: 'prefixed',
  });
  const cluster = await deployCluster(request);
  tellCluster(context, cluster);
  const resourceManager = ResourceManagerClient.of(request.hadoop);
  const end = new ClusterEnd(resourceManager, cluster, detached);
  const { host, port } = cluster;
  try {
    const plan = {
      destination: { kind: 'remote', target: { host, port } },
      configuration: sized.configuration,
      detached,
      program,
    } as const;
    return await runProgramOn(sized, { ...plan, endsWithClient: !detached });
  } catch (error) {
    await end.afterFailure();
    throw error;
  } finally {
    await end.afterProgram();
  }
}

/** What becomes of a cluster that was made for one program. */
class ClusterEnd {
  #over = false;

  constructor(
    private readonly resourceManager: ResourceManagerClient,
    private readonly cluster: DeployedCluster,
    private readonly detached: boolean,
  ) {}

  /** Without a job that a detached cluster could end with, it is ended here. */
  async afterFailure(): Promise<void> {
    await this.#stop();
  }

  async afterProgram(): Promise<void> {
    if (!this.detached) await this.#stop();
  }

  async #stop(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    const { applicationId, stagingDirectory } = this.cluster;
    await stopCluster({ resourceManager: this.resourceManager, applicationId, stagingDirectory });
  }
}
