import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { type Clock, FlinkError } from '#core';
import { ControlConnectionLostError, HandshakeRefusedError, RequestTimeoutError } from './errors.js';
import { PayloadReader, frameOf } from './framing.js';

/*
 * Four frames, each a JSON object, before anything else on a connection; only proofs of the secret travel.
 *
 *   client: hello     { magic, version, clusterId, purpose, nonce }
 *   server: challenge { nonce }                                     or refused { reason }
 *   client: proof     { proof }     HMAC-SHA256(secret, "client" nonces…)
 *   server: welcome   { proof }     HMAC-SHA256(secret, "server" nonces…), or refused { reason }
 */
export const PROTOCOL_MAGIC = 'flink-ts';
export const PROTOCOL_VERSION = 1;

/** What both ends of a connection must agree on. */
export interface ClusterIdentity {
  readonly clusterId: string;
  /** Known to every process of the cluster; undefined when the cluster has none. */
  readonly secret: string | undefined;
}

export interface HandshakeOptions {
  readonly identity: ClusterIdentity;
  /** What the connection is for; a server takes one kind. */
  readonly purpose: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** Handshakes come from strangers: their frames are small. */
const LIMIT_BYTES = 4096;

type Fields = Readonly<Record<string, unknown>>;

/** Introduces us on a socket just connected. Throws {@link HandshakeRefusedError}, {@link ControlConnectionLostError}. */
export async function greetServer(socket: Socket, peer: string, options: HandshakeOptions): Promise<void> {
  const frames = new HandshakeFrames(socket, peer, options);
  try {
    const ours = randomBytes(16).toString('hex');
    const { clusterId, secret } = options.identity;
    frames.send({ magic: PROTOCOL_MAGIC, version: PROTOCOL_VERSION, clusterId, purpose: options.purpose, nonce: ours });
    const theirs = text(await frames.accepted(), 'nonce', peer);
    frames.send({ proof: proofOf('client', secret, ours, theirs) });
    const proof = text(await frames.accepted(), 'proof', peer);
    if (!sameText(proof, proofOf('server', secret, ours, theirs))) {
      throw new HandshakeRefusedError(peer, 'it does not know the cluster secret');
    }
  } finally {
    frames.release();
  }
}

/** Checks who connected. Answers by what the caller may trust; throws {@link HandshakeRefusedError} after telling the client why. */
export async function greetClient(socket: Socket, peer: string, options: HandshakeOptions): Promise<void> {
  const frames = new HandshakeFrames(socket, peer, options);
  try {
    const hello = await frames.next();
    const refusal = refusalOf(hello, options);
    if (refusal !== undefined) throw frames.refuse(refusal);
    const theirs = text(hello, 'nonce', peer);
    const ours = randomBytes(16).toString('hex');
    frames.send({ nonce: ours });
    const proof = text(await frames.next(), 'proof', peer);
    const { secret } = options.identity;
    if (!sameText(proof, proofOf('client', secret, theirs, ours))) throw frames.refuse('the cluster secret differs');
    frames.send({ proof: proofOf('server', secret, theirs, ours) });
  } finally {
    frames.release();
  }
}

function refusalOf(hello: Fields, { identity, purpose }: HandshakeOptions): string | undefined {
  if (hello.magic !== PROTOCOL_MAGIC) return 'this is a flink-ts port and the first frame was something else';
  if (hello.version !== PROTOCOL_VERSION) return `protocol version ${String(hello.version)} is not ${PROTOCOL_VERSION}`;
  if (hello.clusterId !== identity.clusterId) return `cluster "${String(hello.clusterId)}" is not "${identity.clusterId}"`;
  if (hello.purpose !== purpose) return `this port is for ${purpose} connections, not for ${String(hello.purpose)}`;
  return undefined;
}

function proofOf(side: 'client' | 'server', secret: string | undefined, clientNonce: string, serverNonce: string): string {
  return createHmac('sha256', secret ?? '')
    .update(`${side} ${clientNonce} ${serverNonce}`)
    .digest('hex');
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function text(fields: Fields, name: string, peer: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new HandshakeRefusedError(peer, 'it does not speak the flink-ts protocol');
  return value;
}

/** Reads and writes handshake frames on a socket, with one deadline for all of them. Bytes after the last frame go back to the socket. */
class HandshakeFrames {
  readonly #reader = new PayloadReader(LIMIT_BYTES);
  readonly #deadline;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;
  readonly #onData = (chunk: Buffer): void => {
    this.#reader.push(chunk);
    this.#wake?.();
  };
  readonly #onClose = (): void => {
    this.#fail(new ControlConnectionLostError(this.peer, 'it ended during the handshake'));
  };
  readonly #onError = (error: Error): void => {
    this.#fail(new ControlConnectionLostError(this.peer, error.message, error));
  };

  constructor(
    readonly socket: Socket,
    readonly peer: string,
    options: HandshakeOptions,
  ) {
    const expire = (): void => {
      this.#fail(new RequestTimeoutError(peer, 'handshake', options.timeoutMs));
    };
    this.#deadline = options.clock.setTimer(options.timeoutMs, expire, { background: true });
    socket.on('data', this.#onData).on('close', this.#onClose).on('end', this.#onClose).on('error', this.#onError);
    socket.resume();
  }

  send(fields: Fields): void {
    this.socket.write(frameOf(Buffer.from(JSON.stringify(fields)), LIMIT_BYTES));
  }

  refuse(reason: string): HandshakeRefusedError {
    this.socket.end(frameOf(Buffer.from(JSON.stringify({ refused: reason })), LIMIT_BYTES));
    return new HandshakeRefusedError(this.peer, reason);
  }

  async accepted(): Promise<Fields> {
    const fields = await this.next();
    if (typeof fields.refused === 'string') throw new HandshakeRefusedError(this.peer, fields.refused);
    return fields;
  }

  async next(): Promise<Fields> {
    for (;;) {
      const payload = this.#read();
      if (payload !== undefined) return parseFields(payload, this.peer);
      if (this.#failure) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  release(): void {
    this.#deadline.cancel();
    this.socket.off('data', this.#onData).off('close', this.#onClose).off('end', this.#onClose).off('error', this.#onError);
    this.socket.pause();
    const rest = this.#reader.rest();
    if (rest.length > 0) this.socket.unshift(rest);
  }

  #read(): Buffer | undefined {
    try {
      return this.#reader.next();
    } catch (error) {
      if (error instanceof FlinkError) throw new HandshakeRefusedError(this.peer, 'it does not speak the flink-ts protocol');
      throw error;
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
  }
}

function parseFields(payload: Buffer, peer: string): Fields {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Fields;
  } catch {
    // Not JSON: told below.
  }
  throw new HandshakeRefusedError(peer, 'it does not speak the flink-ts protocol');
}
