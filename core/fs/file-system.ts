import type { Readable } from 'node:stream';
import type { RecoverableWriter } from './recoverable-writer.js';

/** What a file system tells of a file or directory. */
export interface FileStatus {
  /** Absolute URI, scheme included. */
  readonly path: string;
  readonly directory: boolean;
  readonly sizeBytes: number;
  /** ms since 1970 UTC. */
  readonly modifiedMs: number;
  readonly blockSizeBytes: number;
}

/** A file opened for reading at positions; reads do not move anything and may run side by side. */
export interface ReadableFile {
  readonly sizeBytes: number;
  /** Reads at most `length` bytes at `position` into `target`; answers how many were read, 0 at the end of the file. */
  read(target: Uint8Array, offset: number, length: number, position: number): Promise<number>;
  close(): Promise<void>;
}

/** A file being written. What was written is not promised to be visible before `sync` or `close` has ended. */
export interface WritableFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Brings everything written to stable storage. */
  sync(): Promise<void>;
  readonly positionBytes: number;
  close(): Promise<void>;
}

/** Part of a file, and where it lies. */
export interface BlockLocation {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  /** Machines that hold it, by name and by address. */
  readonly hosts: readonly string[];
}

export interface CreateOptions {
  /** What to do when the path exists: an error, or replace. */
  readonly overwrite: boolean;
  readonly blockSizeBytes?: number;
  readonly replication?: number;
}

/**
 * A file system, found by the scheme of a URI. Paths are absolute URIs (`file:///a/b`, `hdfs://ns1/a/b`).
 * Throws `FileNotFoundError`, `FileExistsError` (user), `FileSystemError` (external); nothing else.
 */
export interface FileSystem {
  readonly scheme: string;
  /** Whether all nodes of a cluster see the same files. */
  readonly distributed: boolean;
  open(path: string): Promise<ReadableFile>;
  /** Reads the whole file from `position` as a stream. */
  stream(path: string, position?: number): Readable;
  create(path: string, options: CreateOptions): Promise<WritableFile>;
  append(path: string): Promise<WritableFile>;
  /** Replaces the target when `overwrite` is set; the change is atomic. */
  rename(from: string, to: string, options?: { readonly overwrite?: boolean }): Promise<void>;
  list(path: string): Promise<readonly FileStatus[]>;
  /** Answers false when there was nothing to delete. */
  delete(path: string, options?: { readonly recursive?: boolean }): Promise<boolean>;
  makeDirectories(path: string): Promise<void>;
  /**
   * Makes durable which names the directory has: files made, renamed or deleted in it before are so even after a loss of power. At once
   * where the file system keeps names durably by itself, as HDFS does.
   */
  syncDirectory(path: string): Promise<void>;
  status(path: string): Promise<FileStatus>;
  exists(path: string): Promise<boolean>;
  /** The user's home directory. */
  home(): Promise<string>;
  /** Sets who may read, write and enter: a mode such as 0o700. Absent where the file system knows no such thing. */
  setPermissions?(path: string, mode: number): Promise<void>;
  /** Sets when a file or directory was last changed, ms since 1970 UTC. Absent where the file system cannot. */
  setModified?(path: string, modifiedMs: number): Promise<void>;
  /** Which machines hold which parts of a file, in one call. Absent where all of it is equally near, or nobody knows. */
  blockLocations?(path: string): Promise<readonly BlockLocation[]>;
  /** Writes files exactly once. Absent where the file system cannot truncate or rename as that needs. */
  recoverableWriter?(): RecoverableWriter;
}
