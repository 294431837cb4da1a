import {
  type Configuration,
  containerizedTaskManagerEnv,
  envJavaHome,
  nodeFlags,
  taskManagerMemory,
  yarnContainerStartCommandTemplate,
} from '#conf';
import { CONTAINER_ENVIRONMENT } from '../launch/container-environment.js';
import { containerCommand } from '../launch/container-command.js';
import { type LaunchSettings, toLaunchEnvironment } from '../launch/launch-environment.js';
import type { LocalResource } from '../launch/local-resource.js';
import { NODE_RESOURCE } from '../launch/names.js';
import { AMRM_TOKEN_KIND, type HadoopCredentials, writeCredentials } from '../rpc/credentials.js';
import type { LaunchContextMessage, LocalResourceMessage } from '../rpc/yarn-messages.js';
import { taskManagerConfiguration } from '../task-manager/task-manager-configuration.js';

const MB = 1 << 20;
const TYPES = { ARCHIVE: 1, FILE: 2 } as const;
const VISIBILITIES = { PUBLIC: 1, PRIVATE: 2, APPLICATION: 3 } as const;

/**
 * What a NodeManager needs to start a TaskManager: files, environment, tokens and the command. Of the tokens all but our own are passed
 * on. Throws the errors of the memory keys.
 */
export function taskManagerLaunchContext(
  settings: LaunchSettings,
  configuration: Configuration,
  credentials: HadoopCredentials,
): LaunchContextMessage {
  const { heapBytes } = taskManagerMemory(taskManagerConfiguration(configuration, settings));
  const command = containerCommand({
    template: configuration.get(yarnContainerStartCommandTemplate),
    process: 'taskmanager',
    node: nodeBinary(settings.localResources, configuration.get(envJavaHome)),
    memoryFlags: [`--max-old-space-size=${Math.max(1, Math.floor(heapBytes / MB))}`],
    flags: ['--enable-source-maps', ...nodeFlags(configuration, 'taskmanager')],
  });
  const environment = {
    ...CONTAINER_ENVIRONMENT,
    ...configuration.get(containerizedTaskManagerEnv),
    ...toLaunchEnvironment({ ...settings, localResources: [] }),
  };
  return {
    localResources: settings.localResources.map((resource) => ({ key: resource.name, value: localResource(resource) })),
    tokens: writeCredentials({ ...credentials, tokens: credentials.tokens.filter(({ token }) => token.kind !== AMRM_TOKEN_KIND) }),
    environment: Object.entries(environment).map(([key, value]) => ({ key, value })),
    command: [command],
  };
}

/** The one that ships with the application, else that of `env.java.home`, else the one that runs this process: nodes are alike. */
function nodeBinary(resources: readonly LocalResource[], home: string | undefined): string {
  if (resources.some(({ name }) => name === NODE_RESOURCE)) return `./${NODE_RESOURCE}`;
  return home === undefined ? process.execPath : `${home}/bin/node`;
}

function localResource({ uri, type, visibility, size, timestamp }: LocalResource): LocalResourceMessage {
  const { protocol, hostname, port, pathname } = new URL(uri);
  return {
    resource: {
      scheme: protocol.slice(0, -1),
      ...(hostname === '' ? {} : { host: hostname }),
      ...(port === '' ? {} : { port: Number(port) }),
      file: decodeURIComponent(pathname),
    },
    size: String(size),
    timestamp: String(timestamp),
    type: TYPES[type],
    visibility: VISIBILITIES[visibility],
  };
}
