import { createServer, type Server, type Socket } from 'node:net';
import type { Clock, Logger } from '#core';
import { ControlConnection } from './control-connection.js';
import { PortUnavailableError } from './errors.js';
import { type ClusterIdentity, greetClient } from './handshake.js';
import { TcpLink } from './tcp-link.js';

export interface TransportSettings {
  readonly identity: ClusterIdentity;
  readonly clock: Clock;
  readonly logger: Logger;
  /** For connecting and for the handshake. */
  readonly connectTimeoutMs: number;
  readonly maxMessageBytes: number;
}

export interface ListenAddress {
  /** undefined: all addresses. */
  readonly host: string | undefined;
  /** Tried in turn; 0 lets the system choose. */
  readonly ports: Iterable<number>;
  /** The option that names the port, for the error. */
  readonly key: string;
}

/** The purpose named in the handshake of control connections. */
export const CONTROL = 'control';

/** Takes control connections on a port. */
export class ControlServer {
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly settings: TransportSettings,
    private readonly onConnection: (connection: ControlConnection) => void,
  ) {}

  /** Throws {@link PortUnavailableError} when no port can be bound. */
  static async listen(
    address: ListenAddress,
    settings: TransportSettings,
    onConnection: (connection: ControlConnection) => void,
  ): Promise<ControlServer> {
    const server = createServer({ pauseOnConnect: true });
    await bind(server, address);
    const control = new ControlServer(server, settings, onConnection);
    server.on('connection', (socket) => {
      void control.#greet(socket);
    });
    server.on('error', (error) => {
      settings.logger.error('the control port failed', { error: error.message });
    });
    return control;
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** Takes no more connections and ends those there are. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
    for (const socket of this.#sockets) socket.destroySoon();
    await closed;
  }

  async #greet(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.on('close', () => {
      this.#sockets.delete(socket);
    });
    const { logger, clock, identity, connectTimeoutMs, maxMessageBytes } = this.settings;
    const peer = `${socket.remoteAddress ?? 'unknown'}:${socket.remotePort ?? 0}`;
    socket.on('error', (error) => {
      logger.debug('control connection failed', { peer, error: error.message });
    });
    try {
      await greetClient(socket, peer, { identity, purpose: CONTROL, timeoutMs: connectTimeoutMs, clock });
      this.onConnection(new ControlConnection(new TcpLink(peer, socket, maxMessageBytes), clock));
    } catch (error) {
      logger.warn('refused a connection to the control port', { peer, reason: error instanceof Error ? error.message : String(error) });
      socket.destroySoon();
    }
  }
}

async function bind(server: Server, { host, ports, key }: ListenAddress): Promise<void> {
  const tried: number[] = [];
  let failure: unknown;
  for (const port of ports) {
    tried.push(port);
    try {
      return await listenOn(server, port, host);
    } catch (error) {
      failure = error;
    }
  }
  const range = tried.length > 1 ? `${tried[0]}-${tried.at(-1)}` : String(tried[0]);
  throw new PortUnavailableError(host ?? '*', range, key, failure);
}

function listenOn(server: Server, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onListening = (): void => {
      server.off('error', onError);
      resolve();
    };
    const onError = (error: Error): void => {
      server.off('listening', onListening);
      reject(error);
    };
    server.once('listening', onListening).once('error', onError);
    server.listen(host === undefined ? { port } : { port, host });
  });
}
