import type { HostAndPort } from './http-exchange.js';
import { RestConnection } from './rest-connection.js';

/** Asks a cluster to end: its jobs are cancelled. Ends when it was heard. Throws `ClusterUnreachableError`. */
export async function shutDownCluster(target: HostAndPort): Promise<void> {
  const connection = new RestConnection(target);
  try {
    await connection.send({ method: 'DELETE', path: '/cluster' });
  } finally {
    await connection.close();
  }
}
