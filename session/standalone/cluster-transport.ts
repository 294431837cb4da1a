import type { Clock, Logger } from '#core';
import {
  akkaAskTimeout,
  akkaFramesize,
  type Configuration,
  highAvailabilityClusterId,
  jobManagerRpcAddress,
  jobManagerRpcPort,
} from '#conf';
import type { TransportSettings } from '#runtime';

/** How the processes of a cluster talk to each other. With a secret, only to those who know it. */
export function clusterTransport(configuration: Configuration, clock: Clock, logger: Logger, secret?: string): TransportSettings {
  return {
    identity: { clusterId: configuration.get(highAvailabilityClusterId), secret },
    clock,
    logger,
    connectTimeoutMs: configuration.get(akkaAskTimeout),
    maxMessageBytes: configuration.get(akkaFramesize),
  };
}

/** Where TaskManagers find the JobManager: this host when the configuration names none. */
export function jobManagerAddress(configuration: Configuration): { readonly host: string; readonly port: number } {
  return { host: configuration.get(jobManagerRpcAddress) ?? 'localhost', port: configuration.get(jobManagerRpcPort) };
}

/** Warns of a port that other hosts reach: nothing there asks who is calling. */
export function warnOfOpenDoor(logger: Logger, what: string, host: string | undefined, key: string): void {
  if (host !== undefined && isLoopback(host)) return;
  logger.warn(
    `${what} is open to other hosts (${host ?? 'all addresses'}) without security: set "${key}" to "localhost" if only this host needs it`,
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
