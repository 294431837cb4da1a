import { describeSocketError, type WritableFile } from '#core';
import { DataNodeExclusions } from './data-node-exclusions.js';
import { HdfsUnreachableError } from './errors.js';
import { pause, type NameNodeClient } from './name-node-client.js';
import { Upload } from './upload.js';

/** Small writes are sent together. */
const GATHERED_BYTES = 128 * 1024;
/** How long DataNodes are tried that do not take the connection. */
const CONNECT_MS = 10_000;
const RETRY_PAUSE_MS = 200;

/** How a file is begun: `CREATE` with its parameters, or `APPEND`. */
export type Beginning =
  { readonly op: 'CREATE'; readonly parameters: Readonly<Record<string, string | number | boolean>> } | { readonly op: 'APPEND' };

const APPEND: Beginning = { op: 'APPEND' };

/**
 * A file of HDFS being written. WebHDFS has no flush: data is in HDFS when the request that carries it has ended. So `sync` ends the
 * request, and what is written after it goes with a new one that appends.
 */
export class HdfsWritableFile implements WritableFile {
  #upload: Upload | undefined;
  #gathered = Buffer.alloc(0);
  #gatheredBytes = 0;
  #positionBytes: number;

  private constructor(
    private readonly client: NameNodeClient,
    private readonly path: string,
    positionBytes: number,
  ) {
    this.#positionBytes = positionBytes;
  }

  /** The file is there when this ends, or shortly after; that it could not be made may show at the first write only, or at the close. */
  static async create(
    client: NameNodeClient,
    path: string,
    parameters: Readonly<Record<string, string | number | boolean>>,
  ): Promise<HdfsWritableFile> {
    const file = new HdfsWritableFile(client, path, 0);
    file.#upload = await file.#begin({ op: 'CREATE', parameters });
    return file;
  }

  /** Goes on at the end of a file of that size. */
  static append(client: NameNodeClient, path: string, sizeBytes: number): HdfsWritableFile {
    return new HdfsWritableFile(client, path, sizeBytes);
  }

  get positionBytes(): number {
    return this.#positionBytes;
  }

  async write(bytes: Uint8Array): Promise<void> {
    const large = bytes.length > GATHERED_BYTES / 2;
    if (large || this.#gatheredBytes + bytes.length > GATHERED_BYTES) await this.#sendGathered();
    if (large) {
      const upload = await this.#opened();
      await upload.send(bytes);
      await upload.flush(); // whoever wrote may use the bytes for something else now
    } else this.#gather(bytes);
    this.#positionBytes += bytes.length;
  }

  async sync(): Promise<void> {
    await this.#sendGathered();
    const upload = this.#upload;
    this.#upload = undefined;
    await upload?.finish();
  }

  close(): Promise<void> {
    return this.sync();
  }

  /** Gives up: what was not brought out by `sync` may be there or not. */
  abort(): void {
    this.#upload?.abort();
    this.#upload = undefined;
    this.#gatheredBytes = 0;
  }

  #gather(bytes: Uint8Array): void {
    if (this.#gathered.length === 0) this.#gathered = Buffer.allocUnsafeSlow(GATHERED_BYTES);
    this.#gathered.set(bytes, this.#gatheredBytes);
    this.#gatheredBytes += bytes.length;
  }

  async #sendGathered(): Promise<void> {
    if (this.#gatheredBytes === 0) return;
    const bytes = this.#gathered.subarray(0, this.#gatheredBytes);
    this.#gathered = Buffer.alloc(0); // on its way from now on: not to be written into again
    this.#gatheredBytes = 0;
    const upload = await this.#opened();
    await upload.send(bytes);
  }

  async #opened(): Promise<Upload> {
    return (this.#upload ??= await this.#begin(APPEND));
  }

  async #begin(beginning: Beginning): Promise<Upload> {
    const { client, path } = this;
    const exclusions = new DataNodeExclusions();
    const startedAt = performance.now();
    const method = beginning.op === 'CREATE' ? 'PUT' : 'POST';
    for (;;) {
      const parameters = { ...(beginning.op === 'CREATE' ? beginning.parameters : {}), ...exclusions.parameters };
      const url = await client.locate({ method, op: beginning.op, path, wanted: 'write', parameters });
      try {
        return await Upload.begin(path, method, url);
      } catch (error) {
        if (performance.now() - startedAt > CONNECT_MS) {
          throw new HdfsUnreachableError(path, 'write', [`DataNode ${url.host}`], describeSocketError(error), error);
        }
        await exclusions.add(url);
        await pause(RETRY_PAUSE_MS);
      }
    }
  }
}
