import type { ClientRequest } from 'node:http';
import { describeSocketError, type FlinkError } from '#core';
import { beginUpload, wholeAnswer } from '#security';
import { HdfsBrokenStreamError } from './errors.js';
import { remoteError, remoteException } from './remote-exception.js';

/** So much may be on its way; who writes more waits. */
const UNSENT_BYTES = 1024 * 1024;
/** A DataNode that takes nothing for so long is given up. */
const STALLED_MS = 60_000;
/** At the end all DataNodes of the file have to confirm. */
const FINISH_MS = 120_000;

/**
 * The data of one CREATE or APPEND on its way to a DataNode. Only when `finish` has ended is it known to be in HDFS. Errors are of the
 * whole file: what was sent before may be there or not.
 */
export class Upload {
  #unsentBytes = 0;
  #failure: FlinkError | undefined;
  #wake: (() => void) | undefined;
  readonly #finished: Promise<void>;

  private constructor(
    private readonly path: string,
    private readonly url: URL,
    private readonly request: ClientRequest,
  ) {
    this.#finished = this.#result();
    this.#finished.then(
      () => this.#wake?.(),
      () => this.#wake?.(),
    );
  }

  /** Connects to the DataNode. Rejects with the error of the socket when that is not there: another one can be tried. */
  static async begin(path: string, method: 'PUT' | 'POST', url: URL): Promise<Upload> {
    const request = await beginUpload({ method, url, headers: { 'content-type': 'application/octet-stream' } });
    return new Upload(path, url, request);
  }

  /** Takes the bytes, which may not be changed any more, and waits while there is too much on its way. */
  async send(bytes: Uint8Array): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#unsentBytes += bytes.length;
    this.request.write(bytes, () => {
      this.#unsentBytes -= bytes.length;
      this.#wake?.();
    });
    await this.#drained(UNSENT_BYTES);
  }

  /** Waits until nothing that was sent is needed any more by us. */
  async flush(): Promise<void> {
    await this.#drained(0);
  }

  async finish(): Promise<void> {
    if (this.#failure === undefined) this.request.end();
    const timer = setTimeout(() => {
      this.#stall('confirm', FINISH_MS);
    }, FINISH_MS);
    try {
      await this.#finished;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Breaks off. HDFS closes the file with what has come. */
  abort(): void {
    this.request.destroy();
  }

  async #drained(limit: number): Promise<void> {
    while (this.#unsentBytes > limit && this.#failure === undefined) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => {
          this.#stall('take any data', STALLED_MS);
        }, STALLED_MS);
        this.#wake = () => {
          clearTimeout(timer);
          this.#wake = undefined;
          resolve();
        };
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  #stall(what: string, ms: number): void {
    this.request.destroy(new Error(`it did not ${what} within ${ms / 1000} s`));
  }

  /** The answer comes at the end, or earlier when it is a refusal. */
  #result(): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (failure: FlinkError): void => {
        this.#failure ??= failure;
        reject(this.#failure);
      };
      const broken = (error: unknown): void => {
        fail(new HdfsBrokenStreamError(this.path, 'write', this.url.host, describeSocketError(error), error));
      };
      this.request.on('error', broken);
      this.request.once('response', (response) => {
        wholeAnswer(response).then((answer) => {
          if (answer.status >= 200 && answer.status < 300) resolve();
          else fail(remoteError('write', this.path, remoteException(answer)));
          this.request.destroy();
        }, broken);
      });
      this.request.once('close', () => {
        broken(new Error('connection closed'));
      });
    });
  }
}
