import { rm } from 'node:fs/promises';
import { portsOf, type PortRange, restBindPort, webAddress, webPort, webTmpdir } from '#conf';
import type { Configuration } from '#conf';
import type { FastifyInstance } from 'fastify';
import { WebAddressError, WebPortInUseError } from './errors.js';
import type { RestContext } from './rest-context.js';
import { openWebDirectory } from './web-directory.js';

/** A REST server that listens. */
export interface WebServer {
  readonly host: string;
  readonly port: number;
  /** Stops listening, ends connections and removes the server's files. */
  close(): Promise<void>;
}

/** Where a REST server is to listen. */
export interface WebBinding {
  /** undefined: all addresses. */
  readonly host: string | undefined;
  readonly ports: readonly PortRange[];
}

/** Reads the binding from the configuration; undefined when the server is switched off (port -1). */
export function webBinding(configuration: Configuration): WebBinding | undefined {
  const port = configuration.get(webPort);
  if (port === -1) return undefined;
  return { host: configuration.get(webAddress), ports: configuration.get(restBindPort) ?? [{ first: port, last: port }] };
}

/**
 * Starts the REST server and its overview page.
 *
 * Throws: `WebPortInUseError` when no port of the binding is free, `WebAddressError` (user).
 */
export async function startWebServer(context: RestContext, binding: WebBinding): Promise<WebServer> {
  const { buildRestApp } = await import('./rest-app.js');
  const app = await buildRestApp(context);
  try {
    const port = await listen(app, binding);
    const directory = await openWebDirectory(context.configuration.get(webTmpdir));
    return {
      host: binding.host ?? '0.0.0.0',
      port,
      close: async () => {
        await app.close();
        await rm(directory, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function listen(app: FastifyInstance, { host, ports }: WebBinding): Promise<number> {
  let last: unknown;
  for (const port of portsOf(ports)) {
    try {
      await app.listen({ host: host ?? '::', port });
      return portOf(app, port);
    } catch (error) {
      if (codeOf(error) === 'EAFNOSUPPORT' && host === undefined) return await listen(app, { host: '0.0.0.0', ports });
      if (codeOf(error) !== 'EADDRINUSE') throw new WebAddressError(host ?? 'all addresses', error);
      last = error;
    }
  }
  throw new WebPortInUseError(host ?? 'all addresses', describePorts(ports), last);
}

function portOf(app: FastifyInstance, wanted: number): number {
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : wanted;
}

function describePorts(ports: readonly PortRange[]): string {
  return ports.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`)).join(',');
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
