import { describeSocketError, neverConnected, socketErrorCode, splitPath, type FlinkError } from '#core';
import { callHttp, type HadoopAuthentication, type HttpAnswer } from '#security';
import { HdfsAddressError, HdfsPermissionError, HdfsUnreachableError, unresolvedAuthority } from './errors.js';
import { isBeingRecovered, isRetriable, isStandby, remoteError, remoteException, type RemoteException } from './remote-exception.js';

/** The host is gone, or the daemon: nobody comes to help within this time. */
const UNREACHABLE_MS = 4000;
/** One of the NameNodes lives: another becomes active soon. */
const STANDBY_MS = 60_000;
const ANSWER_MS = 60_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

type ParameterValue = string | number | boolean;

/** One operation of WebHDFS on a path. */
export interface NameNodeCall {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** As WebHDFS names it: `GETFILESTATUS`. */
  readonly op: string;
  /** Absolute URI. */
  readonly path: string;
  /** What was wanted, for messages: `look at`. */
  readonly wanted: string;
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  /** How long to ask again while the file is being recovered from a writer that is gone; 0 when not given. */
  readonly recoveryMs?: number;
}

export interface NameNodeReply {
  /** Parsed body; undefined when it is empty. */
  readonly body: unknown;
  /** Whether an earlier attempt broke off without an answer: it may have been carried out. */
  readonly repeated: boolean;
}

/** One go at a call: an answer, or the reason to try again. */
type Attempt =
  { readonly answer: HttpAnswer } | { readonly failure: unknown } | { readonly refused: RemoteException; readonly standby: boolean };

/**
 * Speaks to the NameNodes of one file system: to the active one, which it finds by trying and remembers. Each attempt carries the
 * credentials that {@link HadoopAuthentication} gives. Calls end within 5 s when no NameNode can be reached, within a minute when none is
 * active.
 */
export class NameNodeClient {
  #current = 0;

  constructor(
    readonly pages: readonly string[],
    private readonly authentication: HadoopAuthentication,
    /** The host or name service that paths name. */
    readonly authority: string,
  ) {}

  get userName(): string {
    return this.authentication.userName;
  }

  /**
   * Throws `FileNotFoundError`, `FileExistsError`, or a `FileSystemError`. `carriedOut` is asked when an attempt was refused after another
   * had broken off: it tells whether that one had done it all.
   */
  async call(call: NameNodeCall, carriedOut?: () => Promise<boolean>): Promise<NameNodeReply> {
    const startedAt = performance.now();
    let pauseMs = FIRST_PAUSE_MS;
    let repeated = false;
    let standby = false;
    for (let tried = 1; ; tried++) {
      const attempt = await this.#attempt(call).catch(async (error: unknown): Promise<Attempt> => {
        if (repeated && (await carriedOut?.()) === true) return { answer: NOTHING_TOLD };
        throw error;
      });
      if ('answer' in attempt) return { body: parsed(attempt.answer), repeated };
      repeated ||= 'failure' in attempt && !neverConnected(attempt.failure);
      standby ||= 'refused' in attempt;
      const patienceMs = this.#patienceMs(attempt, standby, call);
      if (performance.now() - startedAt > patienceMs || this.#isUnknown(attempt)) throw this.#finalError(call, attempt, patienceMs);
      if ('failure' in attempt || attempt.standby) this.#current = (this.#current + 1) % this.pages.length;
      if (tried % this.pages.length !== 0 && !('refused' in attempt && !attempt.standby)) continue;
      await pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  /** Where to send the data of a file, or get it from: the address of a DataNode, which carries all that it wants to know. */
  async locate(call: NameNodeCall): Promise<URL> {
    const { body } = await this.call({ ...call, parameters: { ...call.parameters, noredirect: true } });
    return new URL((body as { Location: string }).Location);
  }

  async #attempt(call: NameNodeCall): Promise<Attempt> {
    const answer = await this.#ask(call).catch((failure: unknown) => ({ failure }));
    if ('failure' in answer) return answer;
    if (answer.status >= 200 && answer.status < 300) return { answer };
    if (answer.status === 307 && answer.headers.location !== undefined) return { answer: redirect(answer, answer.headers.location) };
    const remote = remoteException(answer);
    if (isStandby(remote)) return { refused: remote, standby: true };
    if (isRetriable(remote) || ((call.recoveryMs ?? 0) > 0 && isBeingRecovered(remote))) return { refused: remote, standby: false };
    if (answer.status === 401) throw new HdfsPermissionError(call.path, call.wanted, `not authenticated as "${this.userName}"`);
    throw remoteError(call.wanted, call.path, remote);
  }

  async #ask(call: NameNodeCall): Promise<HttpAnswer> {
    const url = new URL(`${this.pages[this.#current]!}/webhdfs/v1${encodedPath(call.path)}`);
    const { query, headers } = await this.authentication.credentials(url);
    const parameters = { op: call.op, ...query, ...call.parameters };
    url.search = new URLSearchParams(Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)])).toString();
    return await callHttp({ method: call.method, url, headers }, ANSWER_MS);
  }

  #patienceMs(attempt: Attempt, standby: boolean, call: NameNodeCall): number {
    if ('refused' in attempt && isBeingRecovered(attempt.refused)) return call.recoveryMs ?? 0;
    return standby ? STANDBY_MS : UNREACHABLE_MS;
  }

  /** The one host that there is has no address. */
  #isUnknown(attempt: Attempt): boolean {
    return this.pages.length === 1 && 'failure' in attempt && socketErrorCode(attempt.failure) === 'ENOTFOUND';
  }

  #finalError({ path, wanted }: NameNodeCall, attempt: Attempt, patienceMs: number): FlinkError {
    if ('refused' in attempt && !attempt.standby) return remoteError(wanted, path, attempt.refused);
    if (this.#isUnknown(attempt)) throw new HdfsAddressError(unresolvedAuthority(this.authority));
    const addresses = this.pages.map((page) => `NameNode ${page.replace(/^https?:\/\//, '')}`);
    if ('failure' in attempt) {
      return new HdfsUnreachableError(path, wanted, addresses, describeSocketError(attempt.failure), attempt.failure);
    }
    return new HdfsUnreachableError(path, wanted, addresses, `none became active within ${patienceMs / 1000} s`);
  }
}

const NOTHING_TOLD: HttpAnswer = { status: 200, headers: {}, body: Buffer.alloc(0) };

/** Hadoop 2 does not know `noredirect`. */
function redirect(answer: HttpAnswer, location: string): HttpAnswer {
  return { ...answer, body: Buffer.from(JSON.stringify({ Location: location })) };
}

function parsed({ body }: HttpAnswer): unknown {
  return body.length === 0 ? undefined : JSON.parse(body.toString('utf8'));
}

/** Names are escaped whole, `%` included: paths of Flink and Hadoop are never percent-encoded. */
function encodedPath(path: string): string {
  return splitPath(path).path.split('/').map(encodeURIComponent).join('/');
}

export function pause(ms: number): Promise<void> {
  return new Promise((wake) => {
    setTimeout(wake, ms);
  });
}
