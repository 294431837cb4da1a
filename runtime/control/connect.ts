import { connect, type Socket } from 'node:net';
import { ControlConnection } from './control-connection.js';
import { CONTROL, type TransportSettings } from './control-server.js';
import { ConnectFailedError } from './errors.js';
import { greetServer } from './handshake.js';
import { TcpLink } from './tcp-link.js';

/** Connects to a control port. Throws {@link ConnectFailedError}, `HandshakeRefusedError`, `RequestTimeoutError`. */
export async function connectControl(
  host: string,
  port: number,
  settings: TransportSettings,
  signal?: AbortSignal,
): Promise<ControlConnection> {
  const peer = `${host}:${port}`;
  const { identity, clock, connectTimeoutMs, maxMessageBytes } = settings;
  if (signal?.aborted) throw new ConnectFailedError(peer, new Error('given up'));
  const socket = await openSocket(host, port, peer, settings, signal);
  try {
    await greetServer(socket, peer, { identity, purpose: CONTROL, timeoutMs: connectTimeoutMs, clock });
    return new ControlConnection(new TcpLink(peer, socket, maxMessageBytes), clock);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function openSocket(
  host: string,
  port: number,
  peer: string,
  settings: TransportSettings,
  signal: AbortSignal | undefined,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (error: Error): void => {
      socket.destroy();
      settle(() => {
        reject(new ConnectFailedError(peer, error));
      });
    };
    const onAbort = (): void => {
      fail(new Error('given up'));
    };
    const timeout = settings.clock.setTimer(
      settings.connectTimeoutMs,
      () => {
        fail(new Error(`no answer within ${settings.connectTimeoutMs} ms`));
      },
      { background: true },
    );
    const settle = (then: () => void): void => {
      timeout.cancel();
      signal?.removeEventListener('abort', onAbort);
      then();
    };
    // Stays for the life of the socket: an error must never be without a listener.
    socket.on('error', fail);
    socket.once('connect', () => {
      settle(() => {
        resolve(socket);
      });
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
