import { DigestMd5Client, type DigestMd5Session } from '#security';
import type { HadoopToken } from './credentials.js';
import { RpcProtocolError } from './errors.js';
import { type RpcSasl, type SaslAuth, SaslState } from './rpc-messages.js';

/** What to do after a message of the server: answer it, or begin with calls. */
export type NegotiationStep = { readonly send: RpcSasl } | { readonly done: DigestMd5Session };

const TOKEN_METHOD = 'TOKEN';
const DIGEST = 'DIGEST-MD5';

/**
 * The SASL handshake of a connection that a token opens:
 *
 * ```
 *  client                          server
 *  NEGOTIATE            ─▶
 *                       ◀─  NEGOTIATE  methods, the first challenge of TOKEN/DIGEST-MD5 included
 *  INITIATE  response   ─▶
 *                       ◀─  SUCCESS    rspauth
 * ```
 * A server that does not send its challenge at once sends it as CHALLENGE after an empty INITIATE, and gets a RESPONSE.
 */
export class SaslNegotiation {
  #digest: DigestMd5Client | undefined;

  constructor(
    private readonly server: string,
    private readonly token: HadoopToken,
  ) {}

  /** The first message. */
  begin(): RpcSasl {
    return { state: SaslState.negotiate, auths: [] };
  }

  /** Throws `RpcProtocolError`, `SaslError`. */
  on(message: RpcSasl): NegotiationStep {
    switch (message.state) {
      case SaslState.negotiate:
        return { send: this.#initiate(message.auths) };
      case SaslState.challenge:
        return { send: { state: SaslState.response, token: this.#client().respond(message.token ?? Buffer.alloc(0)), auths: [] } };
      case SaslState.success:
        return { done: this.#client().finish(message.token ?? Buffer.alloc(0)) };
      default:
        throw new RpcProtocolError(this.server, `SASL state ${message.state} is not expected`);
    }
  }

  #initiate(auths: readonly SaslAuth[]): RpcSasl {
    const auth = auths.find(({ method, mechanism }) => method === TOKEN_METHOD && mechanism === DIGEST);
    if (!auth) {
      const offered = auths.map(({ method, mechanism }) => `${method}/${mechanism}`).join(', ');
      throw new RpcProtocolError(this.server, `it does not take tokens, but only "${offered}"`);
    }
    const { method, mechanism, protocol = '', serverId = '', challenge } = auth;
    this.#digest = new DigestMd5Client({
      username: this.token.identifier.toString('base64'),
      password: this.token.password.toString('base64'),
      protocol,
      serverId,
    });
    const token = challenge ? this.#digest.respond(challenge) : Buffer.alloc(0);
    return { state: SaslState.initiate, token, auths: [{ method, mechanism, protocol, serverId }] };
  }

  #client(): DigestMd5Client {
    if (!this.#digest) throw new RpcProtocolError(this.server, 'it answers a handshake that has not begun');
    return this.#digest;
  }
}
