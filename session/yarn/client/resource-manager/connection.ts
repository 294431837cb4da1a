import { describeSocketError } from '#core';
import { callHttp, type HadoopAuthentication, type HttpAnswer } from '#security';
import {
  ResourceManagerAnswerError,
  ResourceManagerError,
  ResourceManagerStandbyError,
  ResourceManagerUnreachableError,
} from '../errors.js';
import type { ResourceManagerAddresses } from './addresses.js';

/** A ResourceManager that is silent so long counts as gone: with two of them the user still hears of it within 5 s. */
const ANSWER_MS = 2000;
/** A submission is answered when it has been saved. */
const SUBMISSION_MS = 30_000;

export interface ResourceManagerRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below `/ws/v1/cluster`. */
  readonly path: string;
  readonly body?: unknown;
  /** What is being asked for, as in "refused to …". */
  readonly what: string;
}

/** An answer, as text. */
export interface WebResponse extends Pick<HttpAnswer, 'status' | 'headers'> {
  readonly text: string;
}

/** Requests to whichever ResourceManager of a cluster is active. */
export class ResourceManagerConnection {
  readonly #addresses: ResourceManagerAddresses;
  readonly #authentication: HadoopAuthentication;
  /** The one that answered last. */
  #active = 0;

  constructor(addresses: ResourceManagerAddresses, authentication: HadoopAuthentication) {
    this.#addresses = addresses;
    this.#authentication = authentication;
  }

  get userName(): string {
    return this.#authentication.userName;
  }

  /** The answer to a request, or undefined where the answer has no body. */
  async json<T>(request: ResourceManagerRequest): Promise<T> {
    const { response, url } = await this.#ask(request);
    try {
      return JSON.parse(response.text) as T;
    } catch (error) {
      throw new ResourceManagerAnswerError(url, `"${response.text.slice(0, 60).trim()}"`, error);
    }
  }

  /**
   * The active ResourceManager's answer. Throws `ResourceManagerUnreachableError`, `ResourceManagerStandbyError`, `ResourceManagerError`.
   */
  async send(request: ResourceManagerRequest): Promise<WebResponse> {
    return (await this.#ask(request)).response;
  }

  async #ask(request: ResourceManagerRequest): Promise<{ readonly response: WebResponse; readonly url: string }> {
    const { urls, unnamed } = this.#addresses;
    const standby: string[] = [];
    const silent: { readonly url: string; readonly error: unknown }[] = [];
    for (let tried = 0; tried < urls.length; tried++) {
      const index = (this.#active + tried) % urls.length;
      const url = urls[index] ?? '';
      try {
        const response = await this.#exchange(url, request);
        if (isStandby(response)) {
          standby.push(url);
          continue;
        }
        this.#active = index;
        if (response.status >= 400) throw refusalOf(url, request, response);
        return { response, url: `${url}/ws/v1/cluster${request.path}` };
      } catch (error) {
        if (error instanceof ResourceManagerError || error instanceof ResourceManagerAnswerError) throw error;
        silent.push({ url, error });
      }
    }
    if (standby.length > 0) throw new ResourceManagerStandbyError(standby);
    const reasons = silent.map(({ error }) => describeSocketError(error));
    throw new ResourceManagerUnreachableError(
      silent.map(({ url }) => url),
      reasons,
      unnamed,
      silent[0]?.error,
    );
  }

  async #exchange(base: string, { method, path, body }: ResourceManagerRequest): Promise<WebResponse> {
    const url = new URL(`${base}/ws/v1/cluster${path}`);
    const { query, headers } = await this.#authentication.credentials(url);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const accept = { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const timeoutMs = body === undefined ? ANSWER_MS : SUBMISSION_MS;
    const answer = await callHttp({ method, url, headers: { ...accept, ...headers }, ...json }, timeoutMs);
    return { status: answer.status, headers: answer.headers, text: answer.body.toString('utf8') };
  }
}

/** A standby ResourceManager sends clients to the active one, or says that it knows none. */
function isStandby({ status, headers, text }: WebResponse): boolean {
  if (status === 302 || status === 307) return true;
  return headers['refresh'] !== undefined || text.startsWith('This is standby RM') || text.startsWith('There is no active RM');
}

interface RemoteException {
  readonly RemoteException?: { readonly exception?: string; readonly message?: string };
}

function refusalOf(url: string, { what, path }: ResourceManagerRequest, { status, text }: WebResponse): Error {
  try {
    const { exception = 'unknown', message = '' } = (JSON.parse(text) as RemoteException).RemoteException ?? {};
    return new ResourceManagerError(status, exception, what, readable(message) || `status ${status}`);
  } catch {
    return new ResourceManagerAnswerError(`${url}/ws/v1/cluster${path}`, `with status ${status}`);
  }
}

/** A message of Java without the classes it went through, and without a stack trace. */
function readable(message: string): string {
  const [first = ''] = message.split(/\n\s+at |\n/);
  return first.replace(/^(?:[\w$]+\.)+[\w$]+(?:Exception|Error): /, '').trim();
}
