import type { Configuration } from '#conf';
import type { PrintListener } from '#runtime';
import type { ClusterClient } from '../client/cluster-client.js';

/** A cluster in this process. */
export interface LocalClusterOptions {
  readonly configuration: Configuration;
  /** Whether the REST server and its page are started, too. */
  readonly web: boolean;
  /** Takes what print sinks write. */
  readonly print: PrintListener;
  readonly onWebStarted: (url: string) => void;
}

/**
 * Starts a JobManager and a TaskManager in this process; slots are worker threads, no port is opened unless the web is asked for.
 * Closing the client ends the cluster and cancels its jobs.
 */
export async function startLocalCluster(options: LocalClusterOptions): Promise<ClusterClient> {
  const { LocalCluster } = await import('./local-cluster.js');
  return await LocalCluster.start(options);
}
