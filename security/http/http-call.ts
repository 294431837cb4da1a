import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** How long a connection may take to come about: a host that is gone is known as such within a few seconds. */
export const CONNECT_MS = 4000;
const IDLE_SOCKETS = 16;
const IDLE_MS = 4000;

/** Connections to the daemons of Hadoop are used again, but not for longer than the other side keeps them. */
const agents = {
  'http:': new HttpAgent({ keepAlive: true, maxFreeSockets: IDLE_SOCKETS, timeout: IDLE_MS }),
  'https:': new HttpsAgent({ keepAlive: true, maxFreeSockets: IDLE_SOCKETS, timeout: IDLE_MS }),
};

export interface HttpCall {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers?: OutgoingHttpHeaders;
}

/** A request that is sent at once. */
export interface WholeHttpCall extends HttpCall {
  readonly body?: string;
}

/** An answer with its whole body. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Begins a request; the caller ends it. A connection that does not come about in time is an error of it. */
export function beginCall(call: HttpCall): ClientRequest {
  return begin(call, agents[call.url.protocol === 'https:' ? 'https:' : 'http:']);
}

/** Begins a request with a body, over a connection of its own. Rejects when that does not come about; nothing was sent then. */
export function beginUpload(call: HttpCall): Promise<ClientRequest> {
  return new Promise((resolve, reject) => {
    const outgoing = begin(call, false);
    outgoing.once('error', reject);
    outgoing.once('socket', (socket) => {
      socket.once(call.url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        outgoing.off('error', reject);
        resolve(outgoing);
      });
    });
    outgoing.flushHeaders();
  });
}

function begin({ method, url, headers }: HttpCall, agent: HttpAgent | HttpsAgent | false): ClientRequest {
  const secure = url.protocol === 'https:';
  const outgoing = (secure ? httpsRequest : httpRequest)(url, { method, headers, agent });
  outgoing.once('socket', (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => outgoing.destroy(timedOut('no connection', CONNECT_MS)), CONNECT_MS);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
    });
    socket.once('close', () => {
      clearTimeout(timer);
    });
  });
  return outgoing;
}

function timedOut(what: string, timeoutMs: number): Error {
  return Object.assign(new Error(`${what} within ${timeoutMs / 1000} s`), { code: 'ETIMEDOUT' });
}

/**
 * Sends a request and waits for the whole answer; follows no redirect. Rejects with the error of the socket, or one with code ETIMEDOUT.
 */
export function callHttp(call: WholeHttpCall, timeoutMs: number): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = beginCall(call);
    const timer = setTimeout(() => outgoing.destroy(timedOut('no answer', timeoutMs)), timeoutMs);
    outgoing.once('close', () => {
      clearTimeout(timer);
    });
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      wholeAnswer(response).then(resolve, reject);
    });
    outgoing.end(call.body);
  });
}

export async function wholeAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}
