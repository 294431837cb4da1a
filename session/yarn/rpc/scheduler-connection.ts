import type { Clock, Logger } from '#core';
import type { HadoopToken } from './credentials.js';
import { HadoopRemoteError, RpcUnreachableError } from './errors.js';
import { formatAddress, type ServerAddress } from './open-socket.js';
import { RpcConnection, type RpcMethod } from './rpc-connection.js';

export interface ResourceManagerConnectionOptions {
  /** Of the scheduler; several with high availability, of which one is active. */
  readonly addresses: readonly [ServerAddress, ...ServerAddress[]];
  readonly token: HadoopToken;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly connectTimeoutMs: number;
  readonly callTimeoutMs: number;
}

const PROTOCOL = 'org.apache.hadoop.yarn.api.ApplicationMasterProtocolPB';
/** What a server says that is not the active one. */
const STANDBY = ['StandbyException', 'RetriableException'];

/** The connection to the active ResourceManager: opened when it is needed, at the next address when one does not answer. */
export class SchedulerConnection {
  #connection: RpcConnection | undefined;
  #token: HadoopToken;
  #at = 0;

  constructor(private readonly options: ResourceManagerConnectionOptions) {
    this.#token = options.token;
  }

  /** The ResourceManager has new keys: the token for the next connection. This one goes on. */
  renewToken(token: HadoopToken): void {
    this.#token = token;
  }

  /** Tries each address once. Throws what {@link RpcConnection} does. */
  async call<Q, R>(method: RpcMethod<Q, R>, request: Q): Promise<R> {
    for (let tried = 1; ; tried++) {
      try {
        const connection = await this.#open();
        return await connection.call(method, request);
      } catch (error) {
        if (!isElsewhere(error)) throw error;
        this.#leave();
        if (tried >= this.options.addresses.length) throw error;
      }
    }
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  async #open(): Promise<RpcConnection> {
    if (this.#connection && !this.#connection.ended) return this.#connection;
    const { clock, logger, connectTimeoutMs, callTimeoutMs } = this.options;
    const address = this.options.addresses[this.#at]!;
    const credentials = { token: this.#token };
    this.#connection = await RpcConnection.open({ address, protocol: PROTOCOL, credentials, clock, connectTimeoutMs, callTimeoutMs });
    logger.info('connected to the ResourceManager', { address: formatAddress(address) });
    return this.#connection;
  }

  #leave(): void {
    this.close();
    this.#at = (this.#at + 1) % this.options.addresses.length;
  }
}

function isElsewhere(error: unknown): error is RpcUnreachableError | HadoopRemoteError {
  if (error instanceof HadoopRemoteError) return STANDBY.some((name) => error.is(name));
  return error instanceof RpcUnreachableError;
}
