import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { controlFrame, FrameKind } from './frame.js';
import { ProtocolError } from './protocol-error.js';

/** What both sides of a connection must agree on. */
export interface Credentials {
  readonly clusterId: string;
  readonly secret: string;
}

const MAGIC = 0x53_54_4c_46; // "FLTS"
const PROTOCOL_VERSION = 1;
const NONCE_BYTES = 16;
const PROOF_BYTES = 32;
const PREAMBLE_BYTES = 6;

/** Each side proves that it knows the secret for the other's nonce; the secret itself never travels. */
function proof(credentials: Credentials, role: 'producer' | 'consumer', asked: Uint8Array, own: Uint8Array): Buffer {
  return createHmac('sha256', credentials.secret).update(role).update(asked).update(own).update(credentials.clusterId).digest();
}

function preamble(): Buffer {
  const bytes = Buffer.alloc(PREAMBLE_BYTES);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt16LE(PROTOCOL_VERSION, 4);
  return bytes;
}

function checkPreamble(body: Buffer, minBytes: number): void {
  if (body.length < minBytes || body.readUInt32LE(0) !== MAGIC) throw new ProtocolError('the other side is no TaskManager');
  const version = body.readUInt16LE(4);
  if (version !== PROTOCOL_VERSION) throw new ProtocolError(`the other side speaks version ${version}, this one ${PROTOCOL_VERSION}`);
}

/** The producing side of the handshake. */
export class HandshakeServer {
  readonly #nonce = randomBytes(NONCE_BYTES);

  constructor(private readonly credentials: Credentials) {}

  hello(): Buffer {
    return controlFrame(FrameKind.hello, 0, Buffer.concat([preamble(), this.#nonce]));
  }

  /** Checks a login; answers the welcome to send and the name of the consumer's TaskManager. Throws {@link ProtocolError}. */
  accept(body: Buffer): { readonly welcome: Buffer; readonly name: string } {
    const fixed = PREAMBLE_BYTES + NONCE_BYTES + PROOF_BYTES + 2;
    checkPreamble(body, fixed);
    const nonce = body.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + NONCE_BYTES);
    const given = body.subarray(PREAMBLE_BYTES + NONCE_BYTES, fixed - 2);
    const idEnd = fixed + body.readUInt16LE(fixed - 2);
    const clusterId = body.toString('utf8', fixed, idEnd);
    if (clusterId !== this.credentials.clusterId) {
      throw new ProtocolError(`it belongs to cluster "${clusterId}", this TaskManager to "${this.credentials.clusterId}"`);
    }
    if (!timingSafeEqual(given, proof(this.credentials, 'consumer', this.#nonce, nonce))) {
      throw new ProtocolError('it does not know the secret of the cluster');
    }
    const welcome = controlFrame(FrameKind.welcome, 0, proof(this.credentials, 'producer', nonce, this.#nonce));
    return { welcome, name: body.toString('utf8', idEnd) };
  }
}

/** The consuming side of the handshake. `name` is what the other side calls this one in messages. */
export class HandshakeClient {
  readonly #nonce = randomBytes(NONCE_BYTES);
  #serverNonce: Buffer | undefined;

  constructor(
    private readonly credentials: Credentials,
    private readonly name: string,
  ) {}

  /** Answers the login to send. Throws {@link ProtocolError}. */
  login(hello: Buffer): Buffer {
    checkPreamble(hello, PREAMBLE_BYTES + NONCE_BYTES);
    this.#serverNonce = Buffer.from(hello.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + NONCE_BYTES));
    const id = Buffer.from(this.credentials.clusterId);
    const idLength = Buffer.alloc(2);
    idLength.writeUInt16LE(id.length);
    const given = proof(this.credentials, 'consumer', this.#serverNonce, this.#nonce);
    return controlFrame(FrameKind.login, 0, Buffer.concat([preamble(), this.#nonce, given, idLength, id, Buffer.from(this.name)]));
  }

  /** Checks that the producer's side knows the secret, too. Throws {@link ProtocolError}. */
  welcome(body: Buffer): void {
    const known =
      this.#serverNonce !== undefined &&
      body.length === PROOF_BYTES &&
      timingSafeEqual(body, proof(this.credentials, 'producer', this.#nonce, this.#serverNonce));
    if (!known) throw new ProtocolError('it does not know the secret of the cluster');
  }
}
