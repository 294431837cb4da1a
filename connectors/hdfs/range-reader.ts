import { describeSocketError, FlinkError } from '#core';
import { DataNodeExclusions } from './data-node-exclusions.js';
import { type Download, HttpDownload, SocketDownload, UnusualAnswerError } from './download.js';
import { HdfsBrokenStreamError } from './errors.js';
import { pause, type NameNodeClient } from './name-node-client.js';

/** How long other DataNodes are tried without a byte more. */
const NO_PROGRESS_MS = 30_000;
const RETRY_PAUSE_MS = 200;

/** A range of a file, read from its beginning to its end. A connection that breaks is replaced, by one to another DataNode if possible. */
export class RangeReader {
  #position: number;
  #download: Download | undefined;
  #url: URL | undefined;
  #unusual = false;
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

  /** The next bytes if some have come already. */
  take(): Buffer | undefined {
    return this.#taken(this.#download?.take());
  }

  /** The next bytes, as many as there are; undefined at the end. */
  async next(): Promise<Buffer | undefined> {
    if (this.#position >= this.endBytes) return undefined;
    const exclusions = new DataNodeExclusions();
    const startedAt = performance.now();
    for (;;) {
      const download = (this.#download ??= await this.#open(exclusions));
      try {
        return this.#taken(await download.next());
      } catch (error) {
        this.#download = undefined;
        download.close();
        await this.#afterFailure(error, exclusions, startedAt);
      }
    }
  }

  /** Gives up what was not read. */
  close(): void {
    this.#closed = true;
    this.#download?.close();
    this.#download = undefined;
  }

  #taken(chunk: Buffer | undefined): Buffer | undefined {
    if (chunk === undefined) return undefined;
    this.#position += chunk.length;
    if (this.#position >= this.endBytes) this.#download?.close();
    return chunk;
  }

  async #open(exclusions: DataNodeExclusions): Promise<Download> {
    const { path } = this;
    const length = this.endBytes - this.#position;
    const parameters = { offset: this.#position, length, ...exclusions.parameters };
    const url = (this.#url = await this.client.locate({ method: 'GET', op: 'OPEN', path, wanted: 'read', parameters }));
    return this.#unusual ? new HttpDownload(path, url) : new SocketDownload(path, url);
  }

  /** Returns when it is to be tried again, maybe with another DataNode. */
  async #afterFailure(error: unknown, exclusions: DataNodeExclusions, startedAt: number): Promise<void> {
    if (this.#closed || error instanceof FlinkError) throw error;
    if (error instanceof UnusualAnswerError) {
      this.#unusual = true;
      return;
    }
    if (performance.now() - startedAt > NO_PROGRESS_MS) {
      throw new HdfsBrokenStreamError(this.path, 'read', this.#url?.host ?? '', describeSocketError(error), error);
    }
    if (this.#url !== undefined) await exclusions.add(this.#url);
    await pause(RETRY_PAUSE_MS);
  }
}
