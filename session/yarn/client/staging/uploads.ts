import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { randomUUID } from 'node:crypto';
import { type CreateOptions, type FileStatus, type FileSystem, statusIfThere } from '#core';
import type { LocalResource, ResourceType, ResourceVisibility } from '../../launch/local-resource.js';

/** Pieces in which files are written. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** How a file in the cluster's file system becomes one of a container. */
export interface ResourceDescription {
  /** In the container. */
  readonly name: string;
  readonly type: ResourceType;
  readonly visibility: ResourceVisibility;
}

/** Files on their way into the cluster's file system. */
export class Uploads {
  readonly #fileSystem: FileSystem;
  readonly #options: CreateOptions;
  readonly #signal: AbortSignal;

  /**
   * @param replication undefined: what the file system has by default
   * @param signal breaks uploads off
   */
  constructor(fileSystem: FileSystem, replication: number | undefined, signal: AbortSignal) {
    this.#fileSystem = fileSystem;
    this.#signal = signal;
    this.#options = { overwrite: false, ...(replication === undefined ? {} : { replication }) };
  }

  /** Writes `content` to `path`, which must be new. */
  async add(path: string, content: Readable | Uint8Array): Promise<FileStatus> {
    this.#signal.throwIfAborted();
    const file = await this.#fileSystem.create(path, this.#options);
    const write = async (piece: Uint8Array): Promise<void> => {
      this.#signal.throwIfAborted();
      await file.write(piece);
    };
    try {
      if (content instanceof Uint8Array) await write(content);
      else await copyInPieces(content, write);
    } finally {
      await file.close();
    }
    return await this.#fileSystem.status(path);
  }

  /**
   * Brings `path`, whose name tells its content, into the cluster's file system, unless it is there. A client that breaks off leaves no
   * half file under that name, and of two that write it at once, the first wins.
   */
  async once(path: string, content: () => Readable): Promise<{ readonly status: FileStatus; readonly written: boolean }> {
    const known = await statusIfThere(this.#fileSystem, path);
    if (known) return { status: known, written: false };
    const partial = `${path}.${randomUUID()}.part`;
    try {
      await this.add(partial, content());
      await this.#fileSystem.rename(partial, path);
    } catch (error) {
      await this.#fileSystem.delete(partial).catch(() => false);
      const there = await statusIfThere(this.#fileSystem, path);
      if (there) return { status: there, written: false };
      throw error;
    }
    return { status: await this.#fileSystem.status(path), written: true };
  }
}

export function contentOf(localPath: string): Readable {
  return createReadStream(localPath, { highWaterMark: PIECE_BYTES });
}

/** A file as a local resource: the NodeManager takes it only with exactly this size and timestamp. */
export function resourceOf(status: FileStatus, uri: string, description: ResourceDescription): LocalResource {
  return { ...description, uri, size: status.sizeBytes, timestamp: Math.floor(status.modifiedMs) };
}

async function copyInPieces(content: Readable, write: (piece: Uint8Array) => Promise<void>): Promise<void> {
  let pending: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    pending.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
    if (size < PIECE_BYTES) continue;
    await write(Buffer.concat(pending));
    pending = [];
    size = 0;
  }
  if (size > 0) await write(Buffer.concat(pending));
}
