import { loadHadoopConfiguration } from '#conf';
import {
  connectToCluster,
  deployCluster,
  type DeployedCluster,
  type DeploymentRequest,
  describeCluster,
  propertiesFilePath,
  ResourceManagerClient,
  retrieveCluster,
  writePropertiesFile,
} from '#session';
import type { Action, ActionContext } from '../action.js';
import { DYNAMIC, HELP, VERBOSE } from '../arguments/cli-option.js';
import { clusterOptions, clusterSettings, taskManagerCount } from '../yarn/cluster-options.js';
import { awaitTaskManagers } from '../yarn/await-task-managers.js';
import { InteractiveSession } from '../yarn/interactive-session.js';
import { deploymentRequest } from '../yarn/session-request.js';

/** `flink-ts yarn-session`: starts a session on YARN, or attaches to one. */
export const yarnSession: Action = {
  name: 'yarn-session',
  summary: 'starts a session on YARN, or attaches to one.',
  operands: '',
  syntax: {
    options: [
      HELP,
      VERBOSE,
      ...clusterOptions('plain'),
      { short: 'd', long: 'detached', description: 'Start detached' },
      { short: 'q', long: 'query', description: 'Display available YARN resources (memory, cores)' },
      { short: 'id', long: 'applicationId', argument: 'arg', description: 'Attach to running YARN session' },
      { short: 'm', long: 'jobmanager', argument: 'arg', description: 'Accepted as "yarn-cluster"', hidden: true },
      DYNAMIC,
    ],
    programFollows: false,
  },
  notes: ['An attached session takes commands: "help", "stop".'],
  settings: (parsed) => clusterSettings(parsed, 'plain'),
  check: (parsed) => {
    taskManagerCount(parsed, 'plain');
  },
  run: async (context) => {
    if (context.arguments.flag('query')) return await query(context);
    const applicationId = context.arguments.value('applicationId');
    return await (applicationId === undefined ? start(context) : attach(context, applicationId));
  },
};

async function query({ terminal, configuration }: ActionContext): Promise<number> {
  terminal.print(await describeCluster(ResourceManagerClient.of(await loadHadoopConfiguration(configuration))));
  return 0;
}

async function start(context: ActionContext): Promise<number> {
  const { terminal, configuration, arguments: parsed } = context;
  const detached = parsed.flag('detached');
  const request = await deploymentRequest(context, {
    mode: 'session',
    detached,
    defaultName: defaultName(taskManagerCount(parsed, 'plain'), detached),
    spelling: 'plain',
  });
  const cluster = await deployCluster(request);
  terminal.print(`Flink JobManager is now running on ${cluster.host}:${cluster.port}`);
  terminal.print(`JobManager Web Interface: ${cluster.webInterface}`);
  const file = propertiesFilePath(configuration);
  await note(file, cluster, request);
  if (!detached) return await interactive(context, request, cluster, file).run();
  tellDetached(context, cluster.applicationId);
  const { taskManagerCount: count } = cluster.specification;
  if (count !== undefined) await awaitTaskManagers(context, cluster, count);
  return 0;
}

function defaultName(count: number | undefined, detached: boolean): string {
  const name = count === undefined ? 'Flink session cluster' : `Flink session with ${count} TaskManagers`;
  return detached ? `${name} (detached)` : name;
}

async function note(
  file: string,
  { applicationId, specification }: DeployedCluster,
  { dynamicProperties }: DeploymentRequest,
): Promise<void> {
  const { taskManagerCount: count, slotsPerTaskManager } = specification;
  const parallelism = count === undefined ? undefined : count * slotsPerTaskManager;
  await writePropertiesFile(file, { applicationId, parallelism, dynamicProperties }, Date.now());
}

function interactive(
  { terminal, signal }: ActionContext,
  { hadoop }: DeploymentRequest,
  { applicationId, stagingDirectory }: DeployedCluster,
  propertiesFile: string,
): InteractiveSession {
  const resourceManager = ResourceManagerClient.of(hadoop);
  return new InteractiveSession({ terminal, resourceManager, applicationId, stagingDirectory, propertiesFile, owned: true, signal });
}

async function attach(context: ActionContext, applicationId: string): Promise<number> {
  const { terminal, configuration, signal } = context;
  const hadoop = await loadHadoopConfiguration(configuration);
  const { address, webInterface } = await retrieveCluster(hadoop, applicationId);
  await (await connectToCluster(address)).close();
  terminal.print(`Flink JobManager is now running on ${address.host}:${address.port}`);
  terminal.print(`JobManager Web Interface: ${webInterface}`);
  if (context.arguments.flag('detached')) {
    tellDetached(context, applicationId);
    return 0;
  }
  return await new InteractiveSession({
    terminal,
    resourceManager: ResourceManagerClient.of(hadoop),
    applicationId,
    stagingDirectory: undefined,
    propertiesFile: propertiesFilePath(configuration),
    owned: false,
    signal,
  }).run();
}

function tellDetached({ terminal }: ActionContext, applicationId: string): void {
  terminal.print(
    'The Flink YARN client has been started in detached mode. In order to stop ' +
      'Flink on YARN, use the following command or a YARN web interface to stop it:\n' +
      `yarn application -kill ${applicationId}\n` +
      `Or: echo "stop" | flink-ts yarn-session -id ${applicationId}`,
  );
}
