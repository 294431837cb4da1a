import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { SaslError } from './errors.js';
import { Rc4 } from './rc4.js';

/** Quality of protection: who is at the other end; also that nobody changes what it says; also that nobody reads it. */
export type Qop = 'auth' | 'auth-int' | 'auth-conf';

/** What a SASL mechanism does to the messages of a connection once both sides have proved themselves. */
export interface SecurityLayer {
  /** Protects what is sent. Messages have to be sent in the order in which they were wrapped. */
  wrap(message: Uint8Array): Buffer;
  /** Throws {@link SaslError} for a message that was changed, left out, or sent twice. */
  unwrap(wrapped: Uint8Array): Buffer;
}

/** The keys of one direction are made from the session key H(A1) and these words (RFC 2831, 2.3 and 2.4). */
const SIGNING = {
  client: 'Digest session key to client-to-server signing key magic constant',
  server: 'Digest session key to server-to-client signing key magic constant',
};
const SEALING = {
  client: 'Digest H(A1) to client-to-server sealing key magic constant',
  server: 'Digest H(A1) to server-to-client sealing key magic constant',
};
type Side = keyof typeof SIGNING;

/*
 * auth-int:   message | MAC (10 bytes)          | 0x0001 | sequence number (4 bytes)
 * auth-conf:  RC4(message | MAC (10 bytes))     | 0x0001 | sequence number (4 bytes)
 * MAC = HMAC-MD5(signing key, sequence number | message), its first 10 bytes
 */
const MAC_BYTES = 10;
const TRAILER_BYTES = 6;
const MESSAGE_TYPE = 1;

/** The layer of `qop`, as the client has it; `sessionKey` is H(A1), 16 bytes. undefined for `auth`, which protects no messages. */
export function digestSecurityLayer(qop: Qop, sessionKey: Uint8Array, side: Side = 'client'): SecurityLayer | undefined {
  if (qop === 'auth') return undefined;
  const peer = side === 'client' ? 'server' : 'client';
  const cipher = (from: Side): Rc4 | undefined => (qop === 'auth-conf' ? new Rc4(derive(sessionKey, SEALING[from])) : undefined);
  return new DigestLayer(
    { signing: derive(sessionKey, SIGNING[side]), cipher: cipher(side) },
    { signing: derive(sessionKey, SIGNING[peer]), cipher: cipher(peer) },
  );
}

interface Direction {
  readonly signing: Buffer;
  readonly cipher: Rc4 | undefined;
}

class DigestLayer implements SecurityLayer {
  #sent = 0;
  #received = 0;

  constructor(
    private readonly outgoing: Direction,
    private readonly incoming: Direction,
  ) {}

  wrap(message: Uint8Array): Buffer {
    const sequence = this.#sent++;
    const signed = Buffer.concat([message, macOf(this.outgoing.signing, sequence, message)]);
    return Buffer.concat([this.outgoing.cipher?.apply(signed) ?? signed, trailer(sequence)]);
  }

  unwrap(wrapped: Uint8Array): Buffer {
    if (wrapped.length < MAC_BYTES + TRAILER_BYTES) throw new SaslError('a protected message is too short');
    const sequence = this.#received++;
    const end = wrapped.length - TRAILER_BYTES;
    if (!trailer(sequence).equals(wrapped.subarray(end))) throw new SaslError('a protected message is out of sequence');
    const sealed = wrapped.subarray(0, end);
    const signed = this.incoming.cipher?.apply(sealed) ?? Buffer.from(sealed);
    const message = signed.subarray(0, signed.length - MAC_BYTES);
    const mac = macOf(this.incoming.signing, sequence, message);
    if (!timingSafeEqual(mac, signed.subarray(message.length))) throw new SaslError('a protected message was changed on its way');
    return message;
  }
}

function derive(sessionKey: Uint8Array, words: string): Buffer {
  return createHash('md5').update(sessionKey).update(words).digest();
}

function macOf(key: Buffer, sequence: number, message: Uint8Array): Buffer {
  return createHmac('md5', key).update(uint32(sequence)).update(message).digest().subarray(0, MAC_BYTES);
}

function trailer(sequence: number): Buffer {
  const bytes = Buffer.allocUnsafe(TRAILER_BYTES);
  bytes.writeUInt16BE(MESSAGE_TYPE, 0);
  bytes.writeUInt32BE(sequence >>> 0, 2);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
