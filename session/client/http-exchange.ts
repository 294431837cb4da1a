import { Agent, type IncomingMessage, request } from 'node:http';

/** An address of a REST server. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** The answer must have begun within this time, ms. */
  readonly timeoutMs: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** The other side did not answer in time. */
export class HttpTimeoutError extends Error {
  constructor(readonly timeoutMs: number) {
    super(`no answer within ${timeoutMs / 1000} s`);
  }
}

/** One agent a client: connections are kept, and closed with it. */
export function keptConnections(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 8 });
}

/** Sends a request over `node:http` and gathers the response. Rejects with the error of the socket, or {@link HttpTimeoutError}. */
export async function exchange(agent: Agent, { host, port }: HostAndPort, message: HttpRequest): Promise<HttpResponse> {
  return await new Promise<HttpResponse>((resolve, reject) => {
    const { method, path, body, timeoutMs } = message;
    const headers = { ...message.headers, ...(body ? { 'content-length': String(body.length) } : {}) };
    const outgoing = request({ agent, host, port, method, path, headers });
    const timer = setTimeout(() => outgoing.destroy(new HttpTimeoutError(timeoutMs)), timeoutMs);
    outgoing.once('response', (response) => {
      gather(response)
        .then((bytes) => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes });
        }, reject)
        .finally(() => {
          clearTimeout(timer);
        });
    });
    outgoing.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    outgoing.end(body);
  });
}

async function gather(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
