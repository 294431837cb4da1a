import {
  LocalFileSystem,
  type FileSystem,
  type PendingFile,
  type RecoverableFile,
  type RecoverablePosition,
  type RecoverableWriter,
} from '#core';

/** The process has died: whatever it does has no effect. */
export class DeadError extends Error {}

/** Lets an attempt live for a number of file operations; from then on they fail, the first of them maybe in its middle. */
export class Mortality {
  #left: number;

  constructor(operations: number) {
    this.#left = operations;
  }

  get dead(): boolean {
    return this.#left < 0;
  }

  kill(): void {
    this.#left = -1;
  }

  /** Dies before an operation, after it, or, when it can be cut in two, in its middle. */
  async survive<R>(operation: () => Promise<R>, half?: () => Promise<unknown>): Promise<R> {
    if (this.#left < 0) throw new DeadError('dead');
    if (this.#left-- > 0) {
      const result = await operation();
      if (this.dead) throw new DeadError('died meanwhile');
      return result;
    }
    await half?.();
    throw new DeadError('died');
  }
}

/** The local file system as a process sees it that may die at any time. Only what exactly-once files need. */
export function mortalFileSystem(mortality: Mortality): Pick<FileSystem, 'list' | 'delete'> & { readonly writer: RecoverableWriter } {
  const local = new LocalFileSystem();
  return {
    list: (path) => mortality.survive(() => local.list(path)),
    delete: (path, options) => mortality.survive(() => local.delete(path, options)),
    writer: new MortalWriter(local.recoverableWriter(), mortality),
  };
}

class MortalWriter implements RecoverableWriter {
  constructor(
    private readonly writer: RecoverableWriter,
    private readonly mortality: Mortality,
  ) {}

  async open(target: string, temporary: string): Promise<RecoverableFile> {
    return this.#mortal(() => this.writer.open(target, temporary));
  }

  async recover(position: RecoverablePosition): Promise<RecoverableFile> {
    return this.#mortal(() => this.writer.recover(position));
  }

  /** Died after the file got its name, or before. */
  commit(file: PendingFile): Promise<void> {
    return this.mortality.survive(
      () => this.writer.commit(file),
      () => this.writer.commit(file),
    );
  }

  async #mortal(opening: () => Promise<RecoverableFile>): Promise<RecoverableFile> {
    const leave = async (): Promise<void> => (await opening()).close();
    const open = async (): Promise<RecoverableFile> => {
      const file = await opening();
      if (this.mortality.dead) await file.close();
      return file;
    };
    return new MortalFile(await this.mortality.survive(open, leave), this.mortality);
  }
}

class MortalFile implements RecoverableFile {
  constructor(
    private readonly file: RecoverableFile,
    private readonly mortality: Mortality,
  ) {}

  get positionBytes(): number {
    return this.file.positionBytes;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.mortality.survive(
      () => this.file.write(bytes),
      () => this.file.write(bytes.subarray(0, bytes.length / 2)),
    );
  }

  persist(): Promise<RecoverablePosition> {
    return this.mortality.survive(() => this.file.persist());
  }

  closeForCommit(): Promise<PendingFile> {
    return this.mortality.survive(() => this.file.closeForCommit());
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
