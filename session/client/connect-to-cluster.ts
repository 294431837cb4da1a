import type { ClusterClient } from './cluster-client.js';
import type { HostAndPort } from './http-exchange.js';

/**
 * Connects to a cluster by its REST address, and asks whether it is there.
 * Throws `ClusterUnreachableError`, `UnexpectedResponseError`.
 */
export async function connectToCluster(target: HostAndPort): Promise<ClusterClient> {
  const { RestClient } = await import('./rest-client.js');
  const client = new RestClient(target);
  try {
    await client.overview();
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
}
