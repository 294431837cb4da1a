import { Readable } from 'node:stream';
import {
  FileExistsError,
  FileNotFoundError,
  type FileStatus,
  type FileSystem,
  FileSystemError,
  joinPath,
  LostFileError,
  parentPath,
  type PendingFile,
  type ReadableFile,
  type RecoverableFile,
  type RecoverablePosition,
  type RecoverableWriter,
  type WritableFile,
} from '#core';
import type { Faults } from './faults.js';
import type { Scheduler } from './scheduler.js';

/** The content of a file; a file that is renamed keeps it. */
interface Content {
  bytes: Buffer;
  readonly modifiedMs: number;
}

/** What a fault does by halves. */
type Half = () => void;

const DIRECTORY = Symbol('directory');
type Entry = Content | typeof DIRECTORY;

/**
 * Files in memory that all processes of a simulation see: scheme `sim`. Each operation is a step of the process that asks for it, and may
 * fail with nothing, half or all of it done; a process that is killed may or may not have done what it was about to.
 */
export class SimFiles implements FileSystem {
  readonly scheme = 'sim';
  readonly distributed = true;
  readonly #entries = new Map<string, Entry>();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly faults: Faults,
  ) {}

  /** All files below a path, by their paths: for whoever looks at the end. */
  filesBelow(directory: string): ReadonlyMap<string, string> {
    const files = [...this.#entries].flatMap(([path, entry]): [string, string][] =>
      entry !== DIRECTORY && path.startsWith(`${directory}/`) ? [[path, entry.bytes.toString('utf8')]] : [],
    );
    return new Map(files);
  }

  open(path: string): Promise<ReadableFile> {
    return this.#do('open', path, () => {
      const content = this.#file(path);
      return {
        sizeBytes: content.bytes.length,
        read: (target: Uint8Array, offset: number, length: number, position: number) =>
          this.#do('read', path, () => content.bytes.copy(target, offset, position, Math.min(content.bytes.length, position + length))),
        close: () => this.#do('close', path, () => undefined),
      };
    });
  }

  stream(path: string, position = 0): Readable {
    const read = (): Promise<Buffer> => this.#do('read', path, () => this.#file(path).bytes.subarray(position));
    return Readable.from(
      (async function* () {
        yield await read();
      })(),
    );
  }

  create(path: string, { overwrite }: { readonly overwrite: boolean }): Promise<WritableFile> {
    return this.#do('create', path, () => {
      this.#makeDirectories(parentPath(path));
      return this.#writable(path, this.#create(path, overwrite));
    });
  }

  append(path: string): Promise<WritableFile> {
    return this.#do('append', path, () => this.#writable(path, this.#file(path)));
  }

  rename(from: string, to: string, options: { readonly overwrite?: boolean } = {}): Promise<void> {
    return this.#do('rename', from, () => {
      this.#rename(from, to, options.overwrite === true);
    });
  }

  list(path: string): Promise<readonly FileStatus[]> {
    return this.#do('list', path, () => {
      const status = this.#status(path);
      if (!status.directory) return [status];
      const children = [...this.#entries.keys()].filter((other) => other !== path && parentPath(other) === path);
      return children.sort().map((child) => this.#status(child));
    });
  }

  delete(path: string, options: { readonly recursive?: boolean } = {}): Promise<boolean> {
    return this.#do('delete', path, () => {
      const below = [...this.#entries.keys()].filter((other) => other.startsWith(`${path}/`));
      if (below.length > 0 && options.recursive !== true) throw new FileSystemError(path, 'delete', 'the directory is not empty');
      for (const other of below) this.#entries.delete(other);
      return this.#entries.delete(path) || below.length > 0;
    });
  }

  makeDirectories(path: string): Promise<void> {
    return this.#do('make directory', path, () => {
      this.#makeDirectories(path);
    });
  }

  syncDirectory(path: string): Promise<void> {
    return this.#do('sync', path, () => undefined);
  }

  status(path: string): Promise<FileStatus> {
    return this.#do('look at', path, () => this.#status(path));
  }

  exists(path: string): Promise<boolean> {
    return this.#do('look at', path, () => this.#entries.has(path));
  }

  home(): Promise<string> {
    return Promise.resolve('sim://cluster/home');
  }

  recoverableWriter(): RecoverableWriter {
    return {
      open: (target, temporary) =>
        this.#do('create', temporary, () => {
          this.#makeDirectories(parentPath(temporary));
          return this.#recoverable(target, temporary, this.#create(temporary, false));
        }),
      recover: ({ target, temporary, positionBytes }) =>
        this.#do('recover', temporary, () => {
          const content = this.#found(temporary);
          if (content === undefined || content.bytes.length < positionBytes) {
            throw new LostFileError(temporary, positionBytes, content?.bytes.length);
          }
          content.bytes = content.bytes.subarray(0, positionBytes);
          return this.#recoverable(target, temporary, content);
        }),
      commit: (file) =>
        this.#do('commit', file.temporary, () => {
          this.#commit(file);
        }),
    };
  }

  #commit({ target, temporary, sizeBytes }: PendingFile): void {
    const from = this.#found(temporary);
    const to = this.#found(target);
    if (from === undefined) {
      if (to?.bytes.length !== sizeBytes) throw new LostFileError(target, sizeBytes, to?.bytes.length);
      return;
    }
    if (from.bytes.length !== sizeBytes) throw new LostFileError(temporary, sizeBytes, from.bytes.length);
    this.#rename(temporary, target, false);
  }

  #writable(path: string, content: Content): WritableFile {
    return {
      write: (bytes) => this.#write(path, content, bytes),
      sync: () => this.#do('sync', path, () => undefined),
      get positionBytes() {
        return content.bytes.length;
      },
      close: () => this.#do('close', path, () => undefined),
    };
  }

  #recoverable(target: string, temporary: string, content: Content): RecoverableFile {
    return {
      get positionBytes() {
        return content.bytes.length;
      },
      write: (bytes) => this.#write(temporary, content, bytes),
      persist: (): Promise<RecoverablePosition> =>
        this.#do('sync', temporary, () => ({ target, temporary, positionBytes: content.bytes.length })),
      closeForCommit: (): Promise<PendingFile> =>
        this.#do('close', temporary, () => ({ target, temporary, sizeBytes: content.bytes.length })),
      close: () => this.#do('close', temporary, () => undefined),
    };
  }

  #write(path: string, content: Content, bytes: Uint8Array): Promise<void> {
    const copy = Buffer.from(bytes);
    const add = (part: Buffer): void => {
      content.bytes = Buffer.concat([content.bytes, part]);
    };
    return this.#do(
      'write',
      path,
      () => {
        add(copy);
      },
      () => {
        add(copy.subarray(0, copy.length >> 1));
      },
    );
  }

  /** What is done takes place at some time between the call and the end of the promise. */
  #do<R>(operation: string, path: string, work: () => R, half?: Half): Promise<R> {
    const { scheduler, faults } = this;
    // A job whose directories cannot be made is not begun.
    const fault = operation === 'make directory' ? undefined : faults.fileFault();
    const step = (): R => {
      if (fault === 'half') half?.();
      if (fault === 'after') work();
      if (fault !== undefined) throw new FileSystemError(path, operation, `it fails now and then (${fault})`);
      return work();
    };
    const { current } = scheduler;
    return new Promise((resolve, reject) => {
      const run = (): void => {
        try {
          resolve(step());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const onKilled = (): void => {
        if (faults.chance(0.5)) attempt(work);
        else if (half !== undefined && faults.chance(0.5)) half();
      };
      scheduler.after(current, faults.fileMs(), `${operation} a file`, run, { onKilled });
    });
  }

  #create(path: string, overwrite: boolean): Content {
    const existing = this.#entries.get(path);
    if (existing === DIRECTORY) throw new FileSystemError(path, 'create', 'it is a directory');
    if (existing !== undefined && !overwrite) throw new FileExistsError(path);
    const content = { bytes: Buffer.alloc(0), modifiedMs: this.scheduler.nowMs };
    this.#entries.set(path, content);
    return content;
  }

  #rename(from: string, to: string, overwrite: boolean): void {
    const entry = this.#entries.get(from);
    if (entry === undefined) throw new FileNotFoundError(from);
    if (this.#entries.has(to) && !overwrite) throw new FileExistsError(to);
    for (const [path, moved] of [...this.#entries]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      this.#entries.delete(path);
      this.#entries.set(to + path.slice(from.length), moved);
    }
  }

  #makeDirectories(path: string): void {
    for (let at = path; !this.#entries.has(at) && parentPath(at) !== at; at = parentPath(at)) this.#entries.set(at, DIRECTORY);
  }

  #found(path: string): Content | undefined {
    const entry = this.#entries.get(path);
    return entry === DIRECTORY ? undefined : entry;
  }

  #file(path: string): Content {
    const entry = this.#entries.get(path);
    if (entry === undefined) throw new FileNotFoundError(path);
    if (entry === DIRECTORY) throw new FileSystemError(path, 'open', 'it is a directory');
    return entry;
  }

  #status(path: string): FileStatus {
    const entry = this.#entries.get(path);
    if (entry === undefined) throw new FileNotFoundError(path);
    const directory = entry === DIRECTORY;
    return {
      path: joinPath(path),
      directory,
      sizeBytes: directory ? 0 : entry.bytes.length,
      modifiedMs: directory ? 0 : entry.modifiedMs,
      blockSizeBytes: 1 << 20,
    };
  }
}

function attempt(work: () => unknown): void {
  try {
    work();
  } catch {
    // it died with its process
  }
}
