import type net from 'node:net';
import { DataPortUnavailableError } from '../errors.js';

/** The ports that may be bound, tried in turn. */
export interface PortBounds {
  readonly first: number;
  readonly last: number;
}

/** Listens on the first free port of `ranges`; 0 lets the system choose. Throws {@link DataPortUnavailableError}. */
export async function listenOnFreePort(server: net.Server, host: string, ranges: readonly PortBounds[]): Promise<number> {
  let failure: unknown;
  for (const { first, last } of ranges) {
    for (let port = first; port <= last; port++) {
      try {
        return await listen(server, host, port);
      } catch (error) {
        failure = error;
      }
    }
  }
  const ports = ranges.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`)).join(',');
  throw new DataPortUnavailableError(host, ports, failure);
}

function listen(server: net.Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      reject(error);
    };
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.off('error', failed);
      resolve((server.address() as net.AddressInfo).port);
    });
  });
}
