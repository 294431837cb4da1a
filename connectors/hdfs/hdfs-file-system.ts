import type { Readable } from 'node:stream';
import {
  FileExistsError,
  FileSystemError,
  normalisePath,
  statusIfThere,
  type BlockLocation,
  type CreateOptions,
  type FileStatus,
  type FileSystem,
  type ReadableFile,
  type RecoverableWriter,
  type WritableFile,
} from '#core';
import { blockLocation, type RemoteBlockLocation } from './block-locations.js';
import { fileStatus, type RemoteFileStatus } from './file-status.js';
import type { HdfsConnection } from './hdfs-connection.js';
import { HdfsReadableFile } from './hdfs-readable-file.js';
import { HdfsRecoverableWriter } from './hdfs-recoverable-writer.js';
import { HdfsStream } from './hdfs-stream.js';
import { HdfsWritableFile } from './hdfs-writable-file.js';
import type { NameNodeCall, NameNodeReply } from './name-node-client.js';
import { RangeReader } from './range-reader.js';
import { awaitReleased } from './recovered-files.js';

const NEW_FILE_MODE = 0o666;
const NEW_DIRECTORY_MODE = 0o777;
/** How long an append waits for a file whose last writer just went. */
const RELEASED_MS = 15_000;

/**
 * HDFS over WebHDFS: scheme `hdfs`, one instance for each authority (a name service, or host and RPC port of a NameNode).
 *
 * Files get the replication and block size of Hadoop's configuration. What is written is in HDFS when `sync` or `close` has ended; names
 * are durable at once.
 * Throws:  those of the contract, and as its first call `HdfsAddressError` when the authority stands for no NameNode.
 * Source:  Hadoop's documents "WebHDFS REST API" and "HDFS High Availability".
 */
export class HdfsFileSystem implements FileSystem {
  readonly scheme = 'hdfs';
  readonly distributed = true;
  #connected: Promise<HdfsConnection> | undefined;

  /** `connect` is called once, before the first call; again after it failed. */
  constructor(private readonly connect: () => Promise<HdfsConnection>) {}

  async open(path: string): Promise<ReadableFile> {
    const { client } = await this.#connection();
    return new HdfsReadableFile(client, path, await this.#sizeOfFile(path));
  }

  stream(path: string, position = 0): Readable {
    return new HdfsStream(async () => {
      const { client } = await this.#connection();
      return new RangeReader(client, path, position, await this.#sizeOfFile(path));
    });
  }

  async create(path: string, options: CreateOptions): Promise<WritableFile> {
    const { client, defaults } = await this.#connection();
    // WebHDFS tells at the end of the data only that there was a file already.
    if (!options.overwrite && (await this.exists(path))) throw new FileExistsError(path);
    const replication = options.replication ?? defaults.replication;
    const blockSizeBytes = options.blockSizeBytes ?? defaults.blockSizeBytes;
    return HdfsWritableFile.create(client, path, {
      overwrite: options.overwrite,
      ...(replication === undefined ? {} : { replication }),
      ...(blockSizeBytes === undefined ? {} : { blocksize: blockSizeBytes }),
      ...permission(NEW_FILE_MODE, defaults.umask),
    });
  }

  async append(path: string): Promise<WritableFile> {
    const { client } = await this.#connection();
    await this.#sizeOfFile(path);
    await awaitReleased(client, path, RELEASED_MS);
    return HdfsWritableFile.append(client, path, await this.#sizeOfFile(path));
  }

  async rename(from: string, to: string, options: { readonly overwrite?: boolean } = {}): Promise<void> {
    const destination = normalisePath(to).replace(/^[a-z]+:\/\/[^/]*/i, '');
    const parameters = {
      destination: destination === '' ? '/' : destination,
      renameoptions: options.overwrite === true ? 'OVERWRITE' : 'NONE',
    };
    try {
      await this.#call({ method: 'PUT', op: 'RENAME', path: from, wanted: 'rename', parameters }, () => this.#moved(from, to));
    } catch (error) {
      if (error instanceof FileExistsError) throw new FileExistsError(to, error);
      const taken = error instanceof FileSystemError && /destination.*not empty|already exists/i.test(error.reason);
      if (taken) throw new FileExistsError(to, error);
      throw error;
    }
  }

  /** In the order of names. Of a file, the file itself. */
  async list(path: string): Promise<readonly FileStatus[]> {
    const { body } = await this.#call({ method: 'GET', op: 'LISTSTATUS', path, wanted: 'list' });
    const { FileStatuses } = body as { FileStatuses: { FileStatus: readonly RemoteFileStatus[] } };
    return FileStatuses.FileStatus.map((remote) => fileStatus(path, remote)).sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async delete(path: string, options: { readonly recursive?: boolean } = {}): Promise<boolean> {
    const parameters = { recursive: options.recursive === true };
    const { body, repeated } = await this.#call({ method: 'DELETE', op: 'DELETE', path, wanted: 'delete', parameters });
    return isTrue(body) || repeated;
  }

  async makeDirectories(path: string): Promise<void> {
    const { defaults } = await this.#connection();
    const parameters = permission(NEW_DIRECTORY_MODE, defaults.umask);
    const { body } = await this.#call({ method: 'PUT', op: 'MKDIRS', path, wanted: 'make directory', parameters });
    if (!isTrue(body)) throw new FileSystemError(path, 'make directory', 'the NameNode answered that it did not');
  }

  async setPermissions(path: string, mode: number): Promise<void> {
    const parameters = { permission: mode.toString(8) };
    await this.#call({ method: 'PUT', op: 'SETPERMISSION', path, wanted: 'set the permissions of', parameters });
  }

  async setModified(path: string, modifiedMs: number): Promise<void> {
    const parameters = { modificationtime: Math.floor(modifiedMs) };
    await this.#call({ method: 'PUT', op: 'SETTIMES', path, wanted: 'set the time of', parameters });
  }

  /** The NameNode writes every change of names to its journal before it answers. */
  syncDirectory(): Promise<void> {
    return Promise.resolve();
  }

  async status(path: string): Promise<FileStatus> {
    const { body } = await this.#call({ method: 'GET', op: 'GETFILESTATUS', path, wanted: 'look at' });
    return fileStatus(path, (body as { FileStatus: RemoteFileStatus }).FileStatus);
  }

  async exists(path: string): Promise<boolean> {
    return (await statusIfThere(this, path)) !== undefined;
  }

  async home(): Promise<string> {
    const { root } = await this.#connection();
    const { body } = await this.#call({ method: 'GET', op: 'GETHOMEDIRECTORY', path: `${root}/`, wanted: 'find the home directory in' });
    return `${root}${(body as { Path: string }).Path}`;
  }

  async blockLocations(path: string): Promise<readonly BlockLocation[]> {
    const { body } = await this.#call({ method: 'GET', op: 'GETFILEBLOCKLOCATIONS', path, wanted: 'find the blocks of' });
    return (body as { BlockLocations: { BlockLocation: readonly RemoteBlockLocation[] } }).BlockLocations.BlockLocation.map(blockLocation);
  }

  recoverableWriter(): RecoverableWriter {
    return new HdfsRecoverableWriter(this, async () => (await this.#connection()).client);
  }

  async #moved(from: string, to: string): Promise<boolean> {
    return !(await this.exists(from)) && (await this.exists(to));
  }

  async #sizeOfFile(path: string): Promise<number> {
    const status = await this.status(path);
    if (status.directory) throw new FileSystemError(path, 'open', 'it is a directory');
    return status.sizeBytes;
  }

  /** `carriedOut` tells, after an attempt that got no answer and another that failed, whether the first had done it. */
  async #call(call: NameNodeCall, carriedOut?: () => Promise<boolean>): Promise<NameNodeReply> {
    const { client } = await this.#connection();
    return client.call(call, carriedOut);
  }

  #connection(): Promise<HdfsConnection> {
    this.#connected ??= this.connect().catch((error: unknown) => {
      this.#connected = undefined;
      throw error;
    });
    return this.#connected;
  }
}

function isTrue(body: unknown): boolean {
  return (body as { boolean?: boolean } | undefined)?.boolean === true;
}

/** Without an umask of the client's, the NameNode's own applies. */
function permission(mode: number, umask: number | undefined): Record<string, string> {
  return umask === undefined ? {} : { permission: (mode & ~umask).toString(8) };
}
