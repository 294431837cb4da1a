import { type Configuration, executionTarget, jobManagerRpcAddress, restAddress, webPort } from '#conf';
import { type ClusterClient, ClusterUnreachableError, connectToCluster, type HostAndPort } from '#session';
import type { ParsedAction } from './arguments/parse-action.js';
import { NoClusterAddressError, UnknownTargetError, UsageError } from './errors.js';

/** Where a command runs, and who said so. */
export type ClusterChoice =
  | { readonly kind: 'local' }
  | { readonly kind: 'remote'; readonly target: HostAndPort; readonly namedBy: 'flag' | 'configuration' | 'nobody' };

/**
 * The first that is given: `-m`, `-t` or `execution.target`, an address in the configuration.
 * When none is, programs run locally, and other commands look for a cluster on this machine.
 *
 * Throws: `UsageError` for a malformed `-m`, `UnknownTargetError`.
 */
export function chooseCluster(parsed: ParsedAction, configuration: Configuration): ClusterChoice {
  const address = parsed.value('jobmanager');
  if (address === 'yarn-cluster') throw new UnknownTargetError(address);
  if (address !== undefined) return { kind: 'remote', target: parseAddress(address), namedBy: 'flag' };
  const host = configuration.isSet(restAddress) || configuration.isSet(jobManagerRpcAddress) ? configuration.get(restAddress) : undefined;
  const target = configuration.get(executionTarget);
  if (target === 'local') return { kind: 'local' };
  if (target !== undefined && target !== 'remote') throw new UnknownTargetError(target);
  if (target === 'remote' || host !== undefined) {
    return { kind: 'remote', target: configured(host, configuration), namedBy: host === undefined ? 'nobody' : 'configuration' };
  }
  return { kind: 'local' };
}

/** Connects a command that needs a cluster, and does not run programs. */
export async function clusterOf(parsed: ParsedAction, configuration: Configuration): Promise<ClusterClient> {
  const choice = chooseCluster(parsed, configuration);
  if (choice.kind === 'remote' && choice.namedBy !== 'nobody') return await connectToCluster(choice.target);
  const here = configured(undefined, configuration);
  try {
    return await connectToCluster(here);
  } catch (error) {
    if (error instanceof ClusterUnreachableError) throw new NoClusterAddressError(`${here.host}:${here.port}`);
    throw error;
  }
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
