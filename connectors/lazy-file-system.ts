import { Readable } from 'node:stream';
import type {
  BlockLocation,
  CreateOptions,
  FileStatus,
  FileSystem,
  PendingFile,
  ReadableFile,
  RecoverableFile,
  RecoverablePosition,
  RecoverableWriter,
  WritableFile,
} from '#core';

/** What a file system has that keeps the whole contract. */
export type WholeFileSystem = Required<FileSystem>;

/**
 * A file system whose code is loaded with the first call: every process and every slot's thread knows it from the start, and few need it.
 * Throws what loading and the file system throw.
 */
export class LazyFileSystem implements WholeFileSystem {
  #loaded: Promise<WholeFileSystem> | undefined;

  constructor(
    readonly scheme: string,
    readonly distributed: boolean,
    private readonly load: () => Promise<WholeFileSystem>,
  ) {}

  async open(path: string): Promise<ReadableFile> {
    return (await this.#files()).open(path);
  }

  stream(path: string, position?: number): Readable {
    const files = this.#files();
    return Readable.from(
      (async function* () {
        yield* (await files).stream(path, position) as AsyncIterable<Buffer>;
      })(),
      { objectMode: false },
    );
  }

  async create(path: string, options: CreateOptions): Promise<WritableFile> {
    return (await this.#files()).create(path, options);
  }

  async append(path: string): Promise<WritableFile> {
    return (await this.#files()).append(path);
  }

  async rename(from: string, to: string, options?: { readonly overwrite?: boolean }): Promise<void> {
    return (await this.#files()).rename(from, to, options);
  }

  async list(path: string): Promise<readonly FileStatus[]> {
    return (await this.#files()).list(path);
  }

  async delete(path: string, options?: { readonly recursive?: boolean }): Promise<boolean> {
    return (await this.#files()).delete(path, options);
  }

  async makeDirectories(path: string): Promise<void> {
    return (await this.#files()).makeDirectories(path);
  }

  async syncDirectory(path: string): Promise<void> {
    return (await this.#files()).syncDirectory(path);
  }

  async status(path: string): Promise<FileStatus> {
    return (await this.#files()).status(path);
  }

  async exists(path: string): Promise<boolean> {
    return (await this.#files()).exists(path);
  }

  async home(): Promise<string> {
    return (await this.#files()).home();
  }

  async setPermissions(path: string, mode: number): Promise<void> {
    return (await this.#files()).setPermissions(path, mode);
  }

  async setModified(path: string, modifiedMs: number): Promise<void> {
    return (await this.#files()).setModified(path, modifiedMs);
  }

  async blockLocations(path: string): Promise<readonly BlockLocation[]> {
    return (await this.#files()).blockLocations(path);
  }

  recoverableWriter(): RecoverableWriter {
    const writer = async (): Promise<RecoverableWriter> => (await this.#files()).recoverableWriter();
    return {
      open: async (target: string, temporary: string): Promise<RecoverableFile> => (await writer()).open(target, temporary),
      recover: async (position: RecoverablePosition): Promise<RecoverableFile> => (await writer()).recover(position),
      commit: async (file: PendingFile): Promise<void> => (await writer()).commit(file),
    };
  }

  #files(): Promise<WholeFileSystem> {
    return (this.#loaded ??= this.load());
  }
}
