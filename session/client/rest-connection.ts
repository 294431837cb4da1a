import { describeSocketError, FlinkError, type JobId, socketErrorCode } from '#core';
import type { ErrorBody } from '#web';
import { ClusterUnreachableError, JobManagerLostError, UnexpectedResponseError } from './errors.js';
import { exchange, type HostAndPort, type HttpRequest, type HttpResponse, keptConnections } from './http-exchange.js';

/** How long an answer may take, and one that the server holds back for some seconds: a silent server shows within 10 s. */
const ANSWER_MS = 5000;
const HELD_ANSWER_MS = 7000;

/** An error that the JobManager answered with. */
class RestError extends FlinkError {
  constructor(
    readonly status: number,
    { errors, details }: ErrorBody,
  ) {
    const [first] = details ?? [];
    super({
      code: first?.code ?? 'REST_ERROR',
      message: errors.join('; '),
      action: first?.action ?? 'See the log of the JobManager.',
      blame: first?.blame === 'user' || first?.blame === 'internal' ? first.blame : 'external',
      retriable: first?.retriable ?? false,
    });
    if (first) this.name = first.name;
  }
}

/**
 * Requests to one REST server, with errors a user can act on. A connection that was kept may have been closed by the server meanwhile:
 * such a request is tried once more.
 */
export class RestConnection {
  readonly address: string;
  readonly #target: HostAndPort;
  readonly #agent = keptConnections();

  constructor(target: HostAndPort) {
    this.#target = target;
    this.address = `${target.host}:${target.port}`;
  }

  async getJson<T>(path: string): Promise<T> {
    return this.#json<T>(path, await this.send({ method: 'GET', path }));
  }

  /** Like {@link getJson}, for an answer about a running job that may be held back. */
  async follow<T>(jobId: JobId, path: string): Promise<T> {
    return this.#json<T>(path, await this.following(jobId, path));
  }

  /** Asks about a running job: when nothing answers any more, the JobManager is lost. */
  async following(jobId: JobId, path: string): Promise<HttpResponse> {
    try {
      return await this.#exchange({ method: 'GET', path, timeoutMs: HELD_ANSWER_MS });
    } catch (error) {
      if (error instanceof FlinkError) throw error;
      throw new JobManagerLostError(this.address, jobId, describeSocketError(error), error);
    }
  }

  async exists(path: string): Promise<boolean> {
    try {
      await this.send({ method: 'GET', path });
      return true;
    } catch (error) {
      if (error instanceof RestError && error.status === 404) return false;
      throw error;
    }
  }

  async send(message: Omit<HttpRequest, 'timeoutMs'>): Promise<HttpResponse> {
    try {
      return await this.#exchange({ ...message, timeoutMs: message.body ? ANSWER_MS * 12 : ANSWER_MS });
    } catch (error) {
      if (error instanceof FlinkError) throw error;
      throw new ClusterUnreachableError(this.address, describeSocketError(error), error);
    }
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    await Promise.resolve();
  }

  async #exchange(message: HttpRequest): Promise<HttpResponse> {
    const response = await this.#exchangeTwice(message);
    if (response.status >= 400) throw this.#errorOf(message.path, response);
    return response;
  }

  async #exchangeTwice(message: HttpRequest): Promise<HttpResponse> {
    try {
      return await exchange(this.#agent, this.#target, message);
    } catch (error) {
      if (message.method !== 'GET' || socketErrorCode(error) !== 'ECONNRESET') throw error;
      return await exchange(this.#agent, this.#target, message);
    }
  }

  #errorOf(path: string, { status, body }: HttpResponse): FlinkError {
    try {
      const parsed = JSON.parse(body.toString('utf8')) as Partial<ErrorBody>;
      if (Array.isArray(parsed.errors)) return new RestError(status, { errors: parsed.errors, details: parsed.details });
    } catch {
      // Not the JSON of a JobManager: told below.
    }
    return new UnexpectedResponseError(this.address, path, `with status ${status}, and not as a JobManager does`);
  }

  #json<T>(path: string, { body }: HttpResponse): T {
    try {
      return JSON.parse(body.toString('utf8')) as T;
    } catch (error) {
      throw new UnexpectedResponseError(this.address, path, 'something that is not JSON', error);
    }
  }
}
