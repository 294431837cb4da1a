import { statSync } from 'node:fs';
import { fileSystems } from '#core';
import { type Configuration, loadHadoopConfiguration, yarnShipFiles } from '#conf';
import { type ClusterMode, clusterSpecification, type DeploymentRequest, type ShippedProgram } from '#session';
import type { ActionContext } from '../action.js';
import { shippedDirectories, type Spelling, taskManagerCount } from './cluster-options.js';

/** What kind of cluster is asked for. */
export interface ClusterPurpose {
  readonly mode: ClusterMode;
  readonly detached: boolean;
  readonly defaultName: string;
  readonly spelling: Spelling;
  readonly program?: ShippedProgram;
}

/** The cluster that a command line asks for. Throws `UsageError`, and the errors of malformed settings. */
export async function deploymentRequest(context: ActionContext, purpose: ClusterPurpose): Promise<DeploymentRequest> {
  const { arguments: parsed, terminal, signal, configurationDirectory } = context;
  const { mode, detached, defaultName, spelling } = purpose;
  const warning = (text: string): void => {
    terminal.printError(`Warning: ${text}`);
  };
  const directories = shippedDirectories(parsed, spelling).filter(
    (path) => fileSystems.isRemote(path) || isDirectory(path) || refuse(warning),
  );
  const configuration = withShipped(context.configuration, directories);
  return {
    configuration,
    configurationDirectory,
    hadoop: await loadHadoopConfiguration(configuration),
    specification: clusterSpecification(configuration, taskManagerCount(parsed, spelling)),
    mode,
    detached,
    defaultName,
    dynamicProperties: parsed.dynamicProperties,
    zookeeperNamespace: parsed.value(spelling === 'plain' ? 'zookeeperNamespace' : 'yarnzookeeperNamespace'),
    listener: {
      progress: (text) => {
        terminal.print(text);
      },
      warning,
    },
    signal,
    ...(purpose.program === undefined ? {} : { program: purpose.program }),
  };
}

function refuse(warning: (text: string) => void): false {
  warning('Ship directory is not a directory. Ignoring it.');
  return false;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function withShipped(configuration: Configuration, directories: readonly string[]): Configuration {
  if (directories.length === 0) return configuration;
  const all = [...(configuration.get(yarnShipFiles) ?? []), ...directories];
  return configuration.with({ [yarnShipFiles.key]: all.join(';') }, { layer: 'command-line', flag: '-t' });
}
