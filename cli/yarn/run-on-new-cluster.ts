import { basename } from 'node:path';
import { type Configuration, loadHadoopConfiguration, parallelismDefault, taskManagerNumberOfTaskSlots } from '#conf';
import { deployCluster, type DeployedCluster, describeCluster, type HostAndPort, ResourceManagerClient, stopCluster } from '#session';
import type { ActionContext } from '../action.js';
import { programArguments } from '../arguments/program-arguments.js';
import { compileProgram, runProgramOn } from '../run-program.js';
import { taskManagerCount } from './cluster-options.js';
import { deploymentRequest } from './session-request.js';
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

/** Slots for the parallelism that was asked for, and without one, the parallelism that the slots allow. */
function withSlots({ arguments: parsed, configuration, terminal }: ActionContext): Configuration {
  const count = taskManagerCount(parsed, 'prefixed');
  if (count === undefined || count < 1) return configuration;
  const slots = configuration.get(taskManagerNumberOfTaskSlots);
  const most = count * slots;
  const asked = parsed.value('parallelism');
  if (asked === undefined) return configuration.isSet(parallelismDefault) ? configuration : withParallelism(configuration, most);
  if (Number(asked) <= most) return configuration;
  const raised = Math.ceil(Number(asked) / count);
  terminal.print(
    `The YARN cluster has ${most} slots available, but the user requested a parallelism of ${asked} on YARN. ` +
      `Each of the ${count} TaskManagers will get ${raised} slots.`,
  );
  return configuration.with({ [taskManagerNumberOfTaskSlots.key]: String(raised) }, { layer: 'command-line', flag: '-p' });
}

function withParallelism(configuration: Configuration, parallelism: number): Configuration {
  return configuration.with({ [parallelismDefault.key]: String(parallelism) }, { layer: 'command-line', flag: '-yn' });
}

/** What becomes of a cluster that was made for one program. */
class ClusterEnd {
  #over = false;
  readonly #address: HostAndPort;

  constructor(
    private readonly resourceManager: ResourceManagerClient,
    private readonly cluster: DeployedCluster,
    private readonly detached: boolean,
  ) {
    this.#address = { host: cluster.host, port: cluster.port };
  }

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
    await stopCluster(this.resourceManager, this.cluster.applicationId, this.#address);
  }
}
