import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { type Clock, FlinkError } from '#core';
import type { SecurityLayer } from '#security';
import type { HadoopToken } from './credentials.js';
import { HadoopRemoteError, RpcConnectionLostError, RpcProtocolError, RpcTimeoutError } from './errors.js';
import { framed, FrameReader } from './frame-reader.js';
import { delimited, type MessageCodec, splitDelimited } from './message-codec.js';
import { formatAddress, openSocket, type ServerAddress } from './open-socket.js';
import { PendingCalls } from './pending-calls.js';
import {
  connectionContext,
  requestHeader,
  type RpcResponseHeader,
  rpcRequestHeader,
  rpcResponseHeader,
  rpcSasl,
  type RpcSasl,
  RpcStatus,
  SaslState,
} from './rpc-messages.js';
import { SaslNegotiation } from './sasl-negotiation.js';

/** A call of a protocol, with what goes there and comes back. */
export interface RpcMethod<Q, R> {
  readonly name: string;
  readonly request: MessageCodec<Q>;
  readonly response: MessageCodec<R>;
}

export interface RpcConnectionOptions {
  readonly address: ServerAddress;
  /** Java name of the protocol; its version is 1 in all that flink-ts uses. */
  readonly protocol: string;
  readonly credentials: { readonly token: HadoopToken } | { readonly user: string };
  readonly clock: Clock;
  /** For connecting and the handshake. */
  readonly connectTimeoutMs: number;
  readonly callTimeoutMs: number;
}

const RPC_VERSION = 9;
const SERVICE_CLASS = 0;
const Auth = { simple: 0, sasl: 0xdf } as const;
const PROTOCOL_BUFFER = 2;
const FINAL_PACKET = 0;
const CallId = { sasl: -33, context: -3 } as const;
/** Calls of the handshake are never tried again. */
const NO_RETRY_COUNT = -1;
const LARGEST_CALL_ID = 0x7fff_ffff;

/**
 * A connection to a Hadoop server: RPC version 9 (RpcHeader.proto), opened by a token (SASL DIGEST-MD5) or by a mere name.
 *
 * ```
 *  "hrpc" 9 0 auth │ SASL handshake │ connection context │ calls …
 *  frame:  length │ header │ body …      each part with its length before it
 *  with a security layer every frame, its length included, is sealed and travels in a SASL message of state WRAP
 * ```
 * Calls may be made before earlier ones are answered. Each has a deadline; one that is missed ends the connection, which finds out a
 * peer that is gone without a ping. Once a connection has ended, every call is rejected.
 *
 * Throws: `RpcUnreachableError`, `RpcConnectionLostError`, `RpcTimeoutError` (retriable), `HadoopRemoteError`, `RpcProtocolError`,
 * `SaslError`.
 */
export class RpcConnection {
  readonly server: string;
  readonly #clientId = randomBytes(16);
  readonly #calls: PendingCalls;
  readonly #frames = new FrameReader();
  readonly #sealedFrames = new FrameReader();
  #layer: SecurityLayer | undefined;
  #nextCallId = 0;

  private constructor(
    private readonly options: RpcConnectionOptions,
    private readonly socket: Socket,
  ) {
    this.server = formatAddress(options.address);
    this.#calls = new PendingCalls(options.clock);
    socket.on('error', (error) => {
      this.#end(new RpcConnectionLostError(this.server, error.message, error));
    });
    socket.on('close', () => {
      this.#end(new RpcConnectionLostError(this.server, 'the server closed it'));
    });
    socket.on('data', (chunk) => {
      this.#onData(chunk);
    });
  }

  static async open(options: RpcConnectionOptions): Promise<RpcConnection> {
    const socket = await openSocket(options.address, options.connectTimeoutMs, options.clock);
    const connection = new RpcConnection(options, socket);
    try {
      await connection.#introduce();
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  get ended(): boolean {
    return this.#calls.ended !== undefined;
  }

  async call<Q, R>(method: RpcMethod<Q, R>, request: Q): Promise<R> {
    if (this.#calls.ended) throw this.#calls.ended;
    const { callTimeoutMs, protocol } = this.options;
    const id = this.#nextCallId;
    this.#nextCallId = id === LARGEST_CALL_ID ? 0 : id + 1;
    const answer = this.#calls.add(id, callTimeoutMs, () => {
      this.#end(new RpcTimeoutError(this.server, method.name, callTimeoutMs));
    });
    const header = requestHeader.encode({ methodName: method.name, declaringClassProtocolName: protocol, clientProtocolVersion: 1 });
    this.#send(this.#header(id, this.#clientId, 0), header, method.request.encode(request));
    return this.#decode(method.response, await answer);
  }

  close(): void {
    this.#end(new RpcConnectionLostError(this.server, 'it was closed'));
  }

  async #introduce(): Promise<void> {
    const { credentials, protocol } = this.options;
    const withToken = 'token' in credentials;
    this.socket.write(Buffer.from([...Buffer.from('hrpc'), RPC_VERSION, SERVICE_CLASS, withToken ? Auth.sasl : Auth.simple]));
    if (withToken) this.#layer = await this.#authenticate(credentials.token);
    const context = withToken ? { protocol } : { protocol, userInfo: { effectiveUser: credentials.user } };
    this.#send(this.#header(CallId.context, this.#clientId), connectionContext.encode(context));
  }

  async #authenticate(token: HadoopToken): Promise<SecurityLayer | undefined> {
    const negotiation = new SaslNegotiation(this.server, token);
    for (let message = negotiation.begin(); ;) {
      const step = negotiation.on(await this.#exchangeSasl(message));
      if ('done' in step) return step.done.layer;
      message = step.send;
    }
  }

  async #exchangeSasl(message: RpcSasl): Promise<RpcSasl> {
    const { connectTimeoutMs } = this.options;
    const answer = this.#calls.add(CallId.sasl, connectTimeoutMs, () => {
      this.#end(new RpcTimeoutError(this.server, 'SASL', connectTimeoutMs));
    });
    this.#write(this.#header(CallId.sasl, Buffer.alloc(0)), rpcSasl.encode(message));
    return this.#decode(rpcSasl, await answer);
  }

  #header(callId: number, clientId: Uint8Array, retryCount = NO_RETRY_COUNT): Buffer {
    return rpcRequestHeader.encode({ rpcKind: PROTOCOL_BUFFER, rpcOp: FINAL_PACKET, callId, clientId, retryCount });
  }

  #send(...parts: readonly Buffer[]): void {
    if (!this.#layer) return this.#write(...parts);
    const token = this.#layer.wrap(framed(delimited(parts)));
    this.#write(this.#header(CallId.sasl, Buffer.alloc(0)), rpcSasl.encode({ state: SaslState.wrap, token, auths: [] }));
  }

  #write(...parts: readonly Buffer[]): void {
    this.socket.write(framed(delimited(parts)));
  }

  #onData(chunk: Buffer): void {
    if (this.ended) return;
    try {
      for (const frame of this.#frames.push(chunk)) this.#onFrame(frame);
    } catch (error) {
      this.#end(error instanceof FlinkError ? error : new RpcProtocolError(this.server, error instanceof Error ? error.message : ''));
    }
  }

  #onFrame(frame: Buffer): void {
    const [head, body = Buffer.alloc(0)] = splitDelimited(frame);
    if (!head) throw new RpcProtocolError(this.server, 'an empty frame');
    const header = rpcResponseHeader.decode(head);
    const callId = header.callId | 0;
    if (header.status !== RpcStatus.success) return this.#onRefusal(callId, header);
    if (callId === CallId.sasl && this.#layer) return this.#unseal(rpcSasl.decode(body));
    this.#calls.resolve(callId, body);
  }

  #unseal({ state, token }: RpcSasl): void {
    if (state !== SaslState.wrap || !token) throw new RpcProtocolError(this.server, `SASL state ${state} is not expected any more`);
    for (const frame of this.#sealedFrames.push(this.#layer!.unwrap(token))) this.#onFrame(frame);
  }

  #onRefusal(callId: number, { status, exceptionClassName = 'unknown', errorMsg = '', errorDetail }: RpcResponseHeader): void {
    const fatal = status === RpcStatus.fatal;
    const error = new HadoopRemoteError(exceptionClassName, errorMsg, fatal, errorDetail);
    const told = this.#calls.reject(callId, error);
    if (fatal || !told) this.#end(error);
  }

  #decode<T>(codec: MessageCodec<T>, body: Buffer): T {
    try {
      return codec.decode(body);
    } catch (error) {
      throw new RpcProtocolError(this.server, error instanceof Error ? error.message : String(error));
    }
  }

  #end(error: FlinkError): void {
    this.#calls.end(error);
    this.socket.destroy();
  }
}
