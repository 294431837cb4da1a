import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** A request to one of Hadoop's web servers. */
export interface WebRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The answer must be complete within this time, ms. */
  readonly timeoutMs: number;
}

export interface WebResponse {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** Nothing answered in time. */
export class WebTimeoutError extends Error {
  constructor(readonly timeoutMs: number) {
    super(`no answer within ${timeoutMs / 1000} s`);
  }
}

/** Sends a request over `node:http(s)`, following no redirect. Rejects with the error of the socket, or {@link WebTimeoutError}. */
export async function webRequest({ method, url, headers, body, timeoutMs }: WebRequest): Promise<WebResponse> {
  return await new Promise<WebResponse>((resolve, reject) => {
    const bytes = body === undefined ? undefined : Buffer.from(body);
    const begin = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const outgoing = begin(url, {
      method,
      headers: { accept: 'application/json', ...headers, ...(bytes ? { 'content-length': String(bytes.length) } : {}) },
    });
    const timer = setTimeout(() => outgoing.destroy(new WebTimeoutError(timeoutMs)), timeoutMs);
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      act();
    };
    outgoing.once('response', (response) => {
      gather(response).then(
        (text) => {
          settle(() => {
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
          });
        },
        (error: unknown) => {
          settle(() => {
            reject(error instanceof Error ? error : new Error(String(error)));
          });
        },
      );
    });
    outgoing.once('error', (error) => {
      settle(() => {
        reject(error);
      });
    });
    outgoing.end(bytes);
  });
}

async function gather(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
