import { createHash } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { digestSecurityLayer, type Qop, type SecurityLayer } from '../../../../security/sasl/security-layer.js';
import { parseDirectives } from '../../../../security/sasl/digest-challenge.js';
import type { HadoopToken } from '../../../../session/yarn/rpc/credentials.js';
import { framed, FrameReader } from '../../../../session/yarn/rpc/frame-reader.js';
import { delimited, type MessageCodec, messageCodecs, splitDelimited } from '../../../../session/yarn/rpc/message-codec.js';
import type { ServerAddress } from '../../../../session/yarn/rpc/open-socket.js';
import { connectionContext, requestHeader, rpcRequestHeader, rpcSasl, SaslState } from '../../../../session/yarn/rpc/rpc-messages.js';

/** What a call is answered with: a body, a refusal, nothing at all, or the end of the connection. */
export type Answer = Buffer | { readonly className: string; readonly message: string; readonly fatal?: boolean } | 'silence' | 'hang-up';

export interface ScriptedServerOptions {
  readonly token?: HadoopToken;
  readonly qop?: Qop;
  /** In the first message of the server, as Hadoop does, or only when the client has chosen. */
  readonly challengeAtOnce?: boolean;
  readonly answer: (method: string, request: Buffer) => Answer | Promise<Answer>;
}

const responseHeader = messageCodecs(`
message RpcResponseHeaderProto {
  required uint32 callId = 1; required int32 status = 2; optional uint32 serverIpcVersionNum = 3;
  optional string exceptionClassName = 4; optional string errorMsg = 5; optional int32 errorDetail = 6;
}`)<{ callId: number; status: number; exceptionClassName?: string; errorMsg?: string }>('RpcResponseHeaderProto');

const NONCE = 'bm9uY2U=';
const PREAMBLE_BYTES = 7;
const SASL_CALL = -33;
const CONTEXT_CALL = -3;

/** A small server of Hadoop RPC: what it does with calls is the test's affair, all else is as the real one does it. */
export class ScriptedServer {
  readonly contexts: string[] = [];
  readonly users: (string | undefined)[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly options: ScriptedServerOptions,
  ) {
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      new ServedConnection(socket, this.options, this);
    });
  }

  static async start(options: ScriptedServerOptions): Promise<ScriptedServer> {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return new ScriptedServer(server, options);
  }

  get address(): ServerAddress {
    const address = this.server.address();
    return { host: '127.0.0.1', port: typeof address === 'object' && address ? address.port : 0 };
  }

  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.dropConnections();
    await new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
  }
}

class ServedConnection {
  readonly #frames = new FrameReader();
  readonly #sealed = new FrameReader();
  #preamble = Buffer.alloc(0);
  #layer: SecurityLayer | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly options: ScriptedServerOptions,
    private readonly server: ScriptedServer,
  ) {
    socket.on('data', (chunk) => {
      let rest: Buffer = chunk;
      if (this.#preamble.length < PREAMBLE_BYTES) {
        const missing = PREAMBLE_BYTES - this.#preamble.length;
        this.#preamble = Buffer.concat([this.#preamble, rest.subarray(0, missing)]);
        rest = rest.subarray(missing);
      }
      for (const frame of this.#frames.push(rest)) this.#onFrame(frame);
    });
  }

  #onFrame(frame: Buffer): void {
    const [head, ...parts] = splitDelimited(frame);
    const { callId } = rpcRequestHeader.decode(head!);
    if (callId === SASL_CALL) return this.#onSasl(parts[0]!);
    if (callId === CONTEXT_CALL) {
      const { protocol, userInfo } = connectionContext.decode(parts[0]!);
      this.server.contexts.push(protocol);
      this.server.users.push(userInfo?.effectiveUser);
      return;
    }
    const { methodName } = requestHeader.decode(parts[0]!);
    void Promise.resolve(this.options.answer(methodName, parts[1] ?? Buffer.alloc(0))).then((answer) => {
      this.#answer(callId, answer);
    });
  }

  #answer(callId: number, answer: Answer): void {
    if (answer === 'silence') return;
    if (answer === 'hang-up') {
      this.socket.destroy();
      return;
    }
    if (!('className' in answer)) return this.#send(responseHeader.encode({ callId: callId >>> 0, status: 0 }), answer);
    const { className, message, fatal = false } = answer;
    this.#send(responseHeader.encode({ callId: callId >>> 0, status: fatal ? 2 : 1, exceptionClassName: className, errorMsg: message }));
  }

  #send(...parts: readonly Buffer[]): void {
    const frame = framed(delimited(parts));
    if (!this.#layer) this.socket.write(frame);
    else this.#sendSasl({ state: SaslState.wrap, token: this.#layer.wrap(frame), auths: [] });
  }

  #sendSasl(message: Parameters<(typeof rpcSasl)['encode']>[0]): void {
    this.socket.write(framed(delimited([responseHeader.encode({ callId: SASL_CALL >>> 0, status: 0 }), rpcSasl.encode(message)])));
  }

  #onSasl(body: Buffer): void {
    const { qop = 'auth', challengeAtOnce = true } = this.options;
    const { state, token = Buffer.alloc(0) } = rpcSasl.decode(body);
    const cipher = qop === 'auth-conf' ? ',cipher="3des,rc4,des"' : '';
    const challenge = Buffer.from(`realm="default",nonce="${NONCE}",qop="${qop}",charset=utf-8,algorithm=md5-sess${cipher}`);
    if (state === SaslState.negotiate) {
      const auth = { method: 'TOKEN', mechanism: 'DIGEST-MD5', protocol: '', serverId: 'default' };
      return this.#sendSasl({ state: SaslState.negotiate, auths: [challengeAtOnce ? { ...auth, challenge } : auth] });
    }
    if (state === SaslState.initiate && token.length === 0) {
      return this.#sendSasl({ state: SaslState.challenge, token: challenge, auths: [] });
    }
    if (state === SaslState.wrap) {
      for (const frame of this.#sealed.push(this.#layer!.unwrap(token))) this.#onFrame(frame);
      return;
    }
    this.#onResponse(parseDirectives(token.toString()), qop);
  }

  #onResponse(response: ReadonlyMap<string, string>, qop: Qop): void {
    const { identifier, password } = this.options.token!;
    const cnonce = response.get('cnonce')!;
    const secret = md5(`${identifier.toString('base64')}:default:${password.toString('base64')}`);
    const key = md5(Buffer.concat([secret, Buffer.from(`:${NONCE}:${cnonce}`)]));
    const zeros = qop === 'auth' ? '' : `:${'0'.repeat(32)}`;
    const digest = (method: string): string =>
      md5(`${key.toString('hex')}:${NONCE}:00000001:${cnonce}:${qop}:${md5(`${method}:/default${zeros}`).toString('hex')}`).toString('hex');
    if (response.get('response') !== digest('AUTHENTICATE')) {
      const className = 'javax.security.sasl.SaslException';
      return this.#answer(SASL_CALL, {
        className,
        message: 'DIGEST-MD5: digest response format violation. Mismatched response.',
        fatal: true,
      });
    }
    this.#sendSasl({ state: SaslState.success, token: Buffer.from(`rspauth=${digest('')}`), auths: [] });
    this.#layer = digestSecurityLayer(qop, key, 'server');
  }
}

function md5(data: Buffer | string): Buffer {
  return createHash('md5').update(data).digest();
}

/** A protocol with one call that says a text. */
const text = messageCodecs('message TextProto { optional string text = 1; }')<{ readonly text: string }>('TextProto');
export const echo: { name: string; request: MessageCodec<{ readonly text: string }>; response: MessageCodec<{ readonly text: string }> } = {
  name: 'echo',
  request: text,
  response: text,
};
