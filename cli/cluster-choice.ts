import {
  type Configuration,
  executionTarget,
  jobManagerRpcAddress,
  loadHadoopConfiguration,
  restAddress,
  webPort,
  yarnApplicationId,
} from '#conf';
import {
  type ClusterClient,
  ClusterUnreachableError,
  connectToCluster,
  type FoundSession,
  type HostAndPort,
  retrieveCluster,
  type RetrievedCluster,
} from '#session';
import type { ActionContext } from './action.js';
import { NoClusterAddressError, UnknownTargetError, UsageError } from './errors.js';

/** Where a command runs, and who said so. */
export type ClusterChoice =
  | { readonly kind: 'local' }
  | { readonly kind: 'remote'; readonly target: HostAndPort; readonly namedBy: 'flag' | 'configuration' | 'nobody' }
  /** A session that runs on YARN. `file`: the properties file that told of it. */
  | { readonly kind: 'yarn-session'; readonly applicationId: string; readonly file: string | undefined }
  /** A cluster of its own on YARN, which ends with the program. */
  | { readonly kind: 'yarn-per-job' }
  /** The same, and the program's `main` runs there. */
  | { readonly kind: 'yarn-application' };

type ChoiceContext = Pick<ActionContext, 'arguments' | 'configuration' | 'session'>;

/**
 * The first that is given: `-m yarn-cluster`, `-yid`, the YARN properties file, `-m host:port`, `-t` or `execution.target`, an address in
 * the configuration. When none is, programs run locally, and other commands look for a cluster on this machine.
 *
 * Throws: `UsageError` for a malformed `-m`, `UnknownTargetError`.
 */
export function chooseCluster({ arguments: parsed, configuration, session }: ChoiceContext): ClusterChoice {
  const address = parsed.value('jobmanager');
  if (address === 'yarn-cluster') return { kind: 'yarn-per-job' };
  const target = configuration.get(executionTarget);
  if (target === 'yarn-per-job' || target === 'yarn-application') return { kind: target };
  const onYarn = yarnSessionOf(configuration, session);
  const named = parsed.value('yarnapplicationId') !== undefined;
  if (onYarn && (named || (address === undefined && (target === undefined || target === 'yarn-session')))) return onYarn;
  if (target === 'yarn-session') throw new UsageError('No YARN session is known: name one with "-yid", or start one with "yarn-session".');
  if (address !== undefined) return { kind: 'remote', target: parseAddress(address), namedBy: 'flag' };
  return configuredChoice(configuration, target);
}

function yarnSessionOf(configuration: Configuration, session: FoundSession | undefined): ClusterChoice | undefined {
  const named = configuration.get(yarnApplicationId);
  if (named !== undefined) return { kind: 'yarn-session', applicationId: named, file: undefined };
  return session && { kind: 'yarn-session', applicationId: session.applicationId, file: session.file };
}

function configuredChoice(configuration: Configuration, target: string | undefined): ClusterChoice {
  const host = configuration.isSet(restAddress) || configuration.isSet(jobManagerRpcAddress) ? configuration.get(restAddress) : undefined;
  if (target === 'local') return { kind: 'local' };
  if (target !== undefined && target !== 'remote') throw new UnknownTargetError(target);
  if (target === 'remote' || host !== undefined) {
    return { kind: 'remote', target: configured(host, configuration), namedBy: host === undefined ? 'nobody' : 'configuration' };
  }
  return { kind: 'local' };
}

/** Connects a command that needs a cluster, and does not run programs. */
export async function clusterOf(context: ActionContext): Promise<ClusterClient> {
  const { configuration } = context;
  const choice = chooseCluster(context);
  if (choice.kind === 'yarn-session') return await connectToCluster((await findOnYarn(context, choice)).address);
  if (choice.kind === 'yarn-per-job' || choice.kind === 'yarn-application') {
    throw new UsageError('A new YARN cluster has no jobs: name a running one with "-yid" or "-m host:port".');
  }
  if (choice.kind === 'remote' && choice.namedBy !== 'nobody') return await connectToCluster(choice.target);
  const here = configured(undefined, configuration);
  try {
    return await connectToCluster(here);
  } catch (error) {
    if (error instanceof ClusterUnreachableError) throw new NoClusterAddressError(`${here.host}:${here.port}`);
    throw error;
  }
}

/** Asks YARN where a session is, and says which one is used. */
export async function findOnYarn(
  { terminal, configuration }: ActionContext,
  { applicationId, file }: ClusterChoice & { readonly kind: 'yarn-session' },
): Promise<RetrievedCluster> {
  if (file !== undefined) terminal.print(`Using Yarn application id from YARN properties ${applicationId}`);
  return await retrieveCluster(await loadHadoopConfiguration(configuration), applicationId, file);
}

function configured(host: string | undefined, configuration: Configuration): HostAndPort {
  return { host: host ?? 'localhost', port: configuration.get(webPort) };
}

function parseAddress(text: string): HostAndPort {
  const match = /^(?:https?:\/\/)?(\[[0-9a-f:]+\]|[^:/\s]+):(\d{1,5})\/?$/i.exec(text);
  const port = Number(match?.[2]);
  if (!match?.[1] || port < 1 || port > 65_535) {
    throw new UsageError(`The JobManager address must be "host:port", not "${text}"`);
  }
  return { host: match[1].replace(/^\[|\]$/g, ''), port };
}
