import { FileNotFoundError, type FileSystems, invariant, type ReadableFile } from '#core';
import type { BytesHandle } from '../handles.js';
import type { SnapshotReader } from '../../state/snapshot-storage.js';
import { SnapshotDamagedError } from './errors.js';

/** Files that are kept open; the one that was not read for longest is closed first. */
const OPEN_FILES = 16;

interface OpenFile {
  readonly opening: Promise<ReadableFile>;
  reads: number;
}

/** Reads pieces of snapshots. Files stay open for the next piece, until `close`. Throws {@link SnapshotDamagedError}. */
export class FileSnapshotReader implements SnapshotReader {
  readonly #open = new Map<string, OpenFile>();

  constructor(private readonly files: FileSystems) {}

  async read(handle: BytesHandle, from: number, to: number): Promise<Uint8Array> {
    const sizeBytes = handle.kind === 'inline' ? handle.bytes.length : handle.sizeBytes;
    invariant(from >= 0 && from <= to && to <= sizeBytes, 'only bytes that a handle has are asked for');
    if (handle.kind === 'inline') return handle.bytes.subarray(from, to);
    const open = this.#take(handle.path);
    try {
      const file = await open.opening;
      if (file.sizeBytes !== sizeBytes) {
        throw new SnapshotDamagedError(handle.path, `it has ${file.sizeBytes} bytes instead of ${sizeBytes}`);
      }
      return await readAll(file, handle.path, from, to);
    } catch (error) {
      throw error instanceof FileNotFoundError ? new SnapshotDamagedError(handle.path, 'it is gone', error) : error;
    } finally {
      open.reads--;
      this.#closeOldest();
    }
  }

  /** No read may be under way. */
  async close(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    for (const { opening } of open) await closed(opening);
  }

  /** The file, which counts as the one read last from now on. */
  #take(path: string): OpenFile {
    const open = this.#open.get(path) ?? { opening: this.#opening(path), reads: 0 };
    this.#open.delete(path);
    this.#open.set(path, open);
    open.reads++;
    return open;
  }

  async #opening(path: string): Promise<ReadableFile> {
    const { fileSystem, path: resolved } = this.files.resolve(path);
    return await fileSystem.open(resolved);
  }

  #closeOldest(): void {
    let surplus = this.#open.size - OPEN_FILES;
    for (const [path, { opening, reads }] of this.#open) {
      if (surplus <= 0) return;
      if (reads > 0) continue;
      surplus--;
      this.#open.delete(path);
      void closed(opening);
    }
  }
}

async function closed(opening: Promise<ReadableFile>): Promise<void> {
  await opening.then((file) => file.close()).catch(() => undefined);
}

async function readAll(file: ReadableFile, path: string, from: number, to: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(to - from);
  for (let done = 0; done < bytes.length;) {
    const read = await file.read(bytes, done, bytes.length - done, from + done);
    if (read === 0) throw new SnapshotDamagedError(path, `it ends after ${from + done} bytes`);
    done += read;
  }
  return bytes;
}
