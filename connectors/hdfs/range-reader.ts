import type { IncomingMessage } from 'node:http';
import { FlinkError } from '#core';
import { DataNodeExclusions } from './data-node-exclusions.js';
import { HdfsBrokenStreamError } from './errors.js';
import { beginCall, describeFailure, wholeAnswer } from './http.js';
import { pause, type NameNodeClient } from './name-node-client.js';
import { remoteError, remoteException } from './remote-exception.js';

/** More than this is not fetched ahead of who reads. */
const QUEUE_BYTES = 512 * 1024;
/** A DataNode that is silent for so long is given up for another. */
const SILENCE_MS = 30_000;
/** How long other DataNodes are tried without a byte more. */
const NO_PROGRESS_MS = 30_000;
const RETRY_PAUSE_MS = 200;

/** A range of a file, read from its beginning to its end. A connection that breaks is replaced, by one to another DataNode if possible. */
export class RangeReader {
  #position: number;
  #download: Download | undefined;
  #closed = false;

  constructor(
    private readonly client: NameNodeClient,
    private readonly path: string,
    startBytes: number,
    /** The first byte that is not read any more; at most the file's size. */
    readonly endBytes: number,
  ) {
    this.#position = startBytes;
  }

  /** Where the next chunk begins. */
  get positionBytes(): number {
    return this.#position;
  }

  /** The next bytes, as many as there are; undefined at the end. */
  async next(): Promise<Buffer | undefined> {
    if (this.#position >= this.endBytes) return undefined;
    const exclusions = new DataNodeExclusions();
    const startedAt = performance.now();
    for (;;) {
      const download = (this.#download ??= await this.#open(exclusions));
      try {
        const chunk = await download.next();
        this.#position += chunk.length;
        return chunk;
      } catch (error) {
        this.#download = undefined;
        download.close();
        if (this.#closed || error instanceof FlinkError) throw error;
        if (performance.now() - startedAt > NO_PROGRESS_MS) {
          throw new HdfsBrokenStreamError(this.path, 'read', download.url.host, describeFailure(error), error);
        }
        await exclusions.add(download.url);
        await pause(RETRY_PAUSE_MS);
      }
    }
  }

  /** Gives up what was not read. */
  close(): void {
    this.#closed = true;
    this.#download?.close();
    this.#download = undefined;
  }

  async #open(exclusions: DataNodeExclusions): Promise<Download> {
    const { path } = this;
    const length = this.endBytes - this.#position;
    const parameters = { offset: this.#position, length, ...exclusions.parameters };
    const url = await this.client.locate({ method: 'GET', op: 'OPEN', path, wanted: 'read', parameters });
    return new Download(path, url);
  }
}

/** One answer of a DataNode, taken as fast as it is asked for. */
class Download {
  readonly #request;
  readonly #queue: Buffer[] = [];
  #queuedBytes = 0;
  #response: IncomingMessage | undefined;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(
    private readonly path: string,
    readonly url: URL,
  ) {
    this.#request = beginCall({ method: 'GET', url });
    this.#request.once('error', (error) => {
      this.#fail(error);
    });
    this.#request.once('response', (response) => {
      this.#begin(response);
    });
    this.#request.end();
  }

  /** At least one byte. Rejects with the error of the socket when there are none. */
  async next(): Promise<Buffer> {
    for (;;) {
      const chunk = this.#queue.shift();
      if (chunk !== undefined) {
        this.#queuedBytes -= chunk.length;
        if (this.#queuedBytes < QUEUE_BYTES / 2) this.#response?.resume();
        return chunk;
      }
      if (this.#failure !== undefined) throw this.#failure;
      await this.#news();
    }
  }

  close(): void {
    this.#request.destroy();
  }

  #begin(response: IncomingMessage): void {
    response.on('error', (error) => {
      this.#fail(error);
    });
    if (response.statusCode !== 200) {
      wholeAnswer(response).then(
        (answer) => {
          this.#fail(remoteError('read', this.path, remoteException(answer)));
        },
        (error: unknown) => {
          this.#fail(error);
        },
      );
      return;
    }
    this.#response = response;
    response.on('data', (chunk: Buffer) => {
      this.#queue.push(chunk);
      this.#queuedBytes += chunk.length;
      if (this.#queuedBytes > QUEUE_BYTES) response.pause();
      this.#wake?.();
    });
    response.once('end', () => {
      this.#fail(new Error('the answer ended too early'));
    });
    response.once('close', () => {
      this.#fail(new Error('connection closed'));
    });
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
    this.#wake?.();
  }

  /** Waits for a chunk or a failure. */
  async #news(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#fail(new Error(`no data within ${SILENCE_MS / 1000} s`));
      }, SILENCE_MS);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
