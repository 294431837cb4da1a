import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { randomUUID } from 'node:crypto';
import { type FileStatus, type FileSystem, FileNotFoundError, joinPath } from '#core';
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

/** Copies a file of this machine, or what `content` gives, to `path`, which must be new. */
export async function upload(fileSystem: FileSystem, path: string, content: Readable | Uint8Array): Promise<FileStatus> {
  const file = await fileSystem.create(path, { overwrite: false });
  try {
    if (content instanceof Uint8Array) await file.write(content);
    else await copyInPieces(content, (piece) => file.write(piece));
  } finally {
    await file.close();
  }
  return await fileSystem.status(path);
}

export function contentOf(localPath: string): Readable {
  return createReadStream(localPath, { highWaterMark: PIECE_BYTES });
}

/**
 * Brings `path`, whose name tells its content, into the cluster's file system, unless it is there. A client that breaks off leaves no half
 * file under that name, and of two that write it at once, the first wins.
 */
export async function uploadOnce(fileSystem: FileSystem, path: string, content: () => Promise<Readable>): Promise<FileStatus> {
  const known = await statusIfThere(fileSystem, path);
  if (known) return known;
  const partial = `${path}.${randomUUID()}.part`;
  try {
    await upload(fileSystem, partial, await content());
    await fileSystem.rename(partial, path);
  } catch (error) {
    await fileSystem.delete(partial).catch(() => false);
    const there = await statusIfThere(fileSystem, path);
    if (there) return there;
    throw error;
  }
  return await fileSystem.status(path);
}

/** A file as a local resource: the NodeManager takes it only with exactly this size and timestamp. */
export function resourceOf(status: FileStatus, uri: string, description: ResourceDescription): LocalResource {
  return { ...description, uri, size: status.sizeBytes, timestamp: Math.floor(status.modifiedMs) };
}

/** The names that an archive or file of this digest has in the cache. */
export function cachePath(cacheDirectory: string, kind: string, digest: string, ending: string): string {
  return joinPath(cacheDirectory, `${kind}-${digest.slice(0, 32)}${ending}`);
}

async function statusIfThere(fileSystem: FileSystem, path: string): Promise<FileStatus | undefined> {
  try {
    return await fileSystem.status(path);
  } catch (error) {
    if (error instanceof FileNotFoundError) return undefined;
    throw error;
  }
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
