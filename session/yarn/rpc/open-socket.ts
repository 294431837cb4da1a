import { connect, type Socket } from 'node:net';
import type { Clock } from '#core';
import { RpcUnreachableError } from './errors.js';

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

export function formatAddress({ host, port }: ServerAddress): string {
  return `${host}:${port}`;
}

/** Throws `RpcUnreachableError`, also after `timeoutMs`. */
export function openSocket(address: ServerAddress, timeoutMs: number, clock: Clock): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...address, noDelay: true, keepAlive: true });
    const fail = (error: Error): void => {
      deadline.cancel();
      socket.destroy();
      reject(new RpcUnreachableError(formatAddress(address), error));
    };
    const deadline = clock.setTimer(timeoutMs, () => {
      fail(new Error(`no answer within ${timeoutMs} ms`));
    });
    socket.once('error', fail);
    socket.once('connect', () => {
      deadline.cancel();
      socket.off('error', fail);
      resolve(socket);
    });
  });
}
