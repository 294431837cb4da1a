import type { FileSystems, Logger } from '#core';

/** Removes files that no checkpoint needs any more, one after the other, beside everything else. What cannot be removed is logged. */
export class FileRemover {
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly files: FileSystems,
    private readonly logger: Logger,
  ) {}

  remove(path: string, options: { readonly recursive?: boolean } = {}): void {
    this.#next(async () => {
      const { fileSystem, path: resolved } = this.files.resolve(path);
      await fileSystem.delete(resolved, options);
    }, path);
  }

  /** Nothing happens to a directory that holds something. */
  removeIfEmpty(directory: string): void {
    this.#next(async () => {
      const { fileSystem, path } = this.files.resolve(directory);
      const there = await fileSystem.exists(path);
      if (there && (await fileSystem.list(path)).length === 0) await fileSystem.delete(path);
    }, directory);
  }

  /** Ends when all that was asked for so far is done. */
  async idle(): Promise<void> {
    await this.#last;
  }

  #next(step: () => Promise<void>, path: string): void {
    this.#last = this.#last.then(step).catch((error: unknown) => {
      this.logger.warn('cannot remove a file of a checkpoint', { path, error: error instanceof Error ? error.message : String(error) });
    });
  }
}
