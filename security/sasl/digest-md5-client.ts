import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type DigestChallenge, parseChallenge, parseDirectives, quoted } from './digest-challenge.js';
import { SaslError } from './errors.js';
import { digestSecurityLayer, type Qop, type SecurityLayer } from './security-layer.js';

export interface DigestMd5Options {
  readonly username: string;
  readonly password: string;
  /** The service, such as `imap` or `zookeeper`; empty for Hadoop's tokens. First part of the digest-uri. */
  readonly protocol: string;
  /** Second part of the digest-uri: the server's host or name. */
  readonly serverId: string;
  /** Which qualities of protection are acceptable. The server's preference decides among them. */
  readonly qops?: readonly Qop[];
  /** Said by tests; else 24 random bytes. */
  readonly cnonce?: string;
}

/** How a handshake ended. */
export interface DigestMd5Session {
  readonly qop: Qop;
  /** undefined: messages travel as they are. */
  readonly layer: SecurityLayer | undefined;
}

const ALL: readonly Qop[] = ['auth', 'auth-int', 'auth-conf'];
/** The first use of the nonce: sessions are not taken up again. */
const NONCE_COUNT = '00000001';
const MAX_BUFFER_BYTES = 65_536;
/** Stands for the hash of the message body in A2 when messages are protected. */
const NO_BODY = `:${'0'.repeat(32)}`;

/**
 * The client's side of SASL DIGEST-MD5 (RFC 2831), for one handshake:
 * `respond(challenge)` is sent, and `finish(answer)` proves that the server knows the password, too.
 *
 * Throws `SaslError`.
 */
export class DigestMd5Client {
  readonly #options: DigestMd5Options;
  readonly #cnonce: string;
  #exchange: { readonly sessionKey: Buffer; readonly qop: Qop; readonly proof: string } | undefined;

  constructor(options: DigestMd5Options) {
    this.#options = options;
    this.#cnonce = options.cnonce ?? randomBytes(24).toString('base64');
  }

  respond(challenge: Uint8Array): Buffer {
    const parsed = parseChallenge(Buffer.from(challenge).toString('utf8'));
    const qop = this.#chooseQop(parsed);
    const sessionKey = this.#sessionKey(parsed);
    this.#exchange = { sessionKey, qop, proof: this.#digest('', sessionKey, parsed, qop) };
    return Buffer.from(this.#response(parsed, qop, this.#digest('AUTHENTICATE', sessionKey, parsed, qop)), 'utf8');
  }

  finish(answer: Uint8Array): DigestMd5Session {
    if (!this.#exchange) throw new SaslError('the server ended the handshake before it began');
    const { proof, qop, sessionKey } = this.#exchange;
    const rspauth = parseDirectives(Buffer.from(answer).toString('utf8')).get('rspauth') ?? '';
    if (!equal(rspauth, proof)) throw new SaslError('the server does not prove that it knows the password');
    return { qop, layer: digestSecurityLayer(qop, sessionKey) };
  }

  #chooseQop({ qops, ciphers }: DigestChallenge): Qop {
    const acceptable = this.#options.qops ?? ALL;
    const chosen = qops.map((name) => acceptable.find((qop) => qop === name)).find((qop) => qop !== undefined);
    if (!chosen) throw new SaslError(`the server offers the protections "${qops.join(', ')}", acceptable are "${acceptable.join(', ')}"`);
    if (chosen === 'auth-conf' && !ciphers.includes('rc4')) {
      throw new SaslError(`the server offers the ciphers "${ciphers.join(', ')}", known is only "rc4"`);
    }
    return chosen;
  }

  /** H(A1), where A1 = H(user : realm : password) : nonce : cnonce */
  #sessionKey({ realm, nonce }: DigestChallenge): Buffer {
    const { username, password } = this.#options;
    const colon = Buffer.from(':');
    const secret = md5(Buffer.concat([hashed(username), colon, hashed(realm), colon, hashed(password)]));
    return md5(Buffer.concat([secret, Buffer.from(`:${nonce}:${this.#cnonce}`)]));
  }

  /** The proof of knowing the password; `method` is AUTHENTICATE for the client's, nothing for the server's. */
  #digest(method: string, sessionKey: Buffer, { nonce }: DigestChallenge, qop: Qop): string {
    const a2 = md5(Buffer.from(`${method}:${this.#uri}${qop === 'auth' ? '' : NO_BODY}`)).toString('hex');
    return md5(Buffer.from(`${sessionKey.toString('hex')}:${nonce}:${NONCE_COUNT}:${this.#cnonce}:${qop}:${a2}`)).toString('hex');
  }

  #response({ realm, nonce, utf8 }: DigestChallenge, qop: Qop, digest: string): string {
    return [
      ...(utf8 ? ['charset=utf-8'] : []),
      `username=${quoted(this.#options.username)}`,
      `realm=${quoted(realm)}`,
      `nonce=${quoted(nonce)}`,
      `nc=${NONCE_COUNT}`,
      `cnonce=${quoted(this.#cnonce)}`,
      `digest-uri=${quoted(this.#uri)}`,
      `maxbuf=${MAX_BUFFER_BYTES}`,
      `response=${digest}`,
      `qop=${qop}`,
      ...(qop === 'auth-conf' ? ['cipher="rc4"'] : []),
    ].join(',');
  }

  get #uri(): string {
    return `${this.#options.protocol}/${this.#options.serverId}`;
  }
}

/** Names and passwords are hashed as ISO 8859-1 where they can be, else as UTF-8 (RFC 2831, 2.1.2.1). */
function hashed(text: string): Buffer {
  const latin1 = Buffer.from(text, 'latin1').toString('latin1') === text;
  return Buffer.from(text, latin1 ? 'latin1' : 'utf8');
}

function md5(bytes: Uint8Array): Buffer {
  return createHash('md5').update(bytes).digest();
}

function equal(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
