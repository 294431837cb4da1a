import { randomUUID } from 'node:crypto';
import { type FileSystems, joinPath, type Logger, parentPath, pathName } from '#core';
import type { FinishStep, RenameOnSuccess } from '#api';

/**
 * Makes the output of a job that has succeeded visible: takes the finish steps of all its subtasks. What is to be replaced is first put
 * aside, under a hidden name beside its place, and deleted when everything is in place. When a step fails, those before it are taken
 * back, so that everything is as it was; throws what failed.
 */
export async function publishOutput(steps: readonly FinishStep[], files: FileSystems, logger: Logger): Promise<void> {
  const publication = new Publication(files);
  try {
    await publication.take(steps);
  } catch (error) {
    await publication.takeBack(logger);
    throw error;
  }
  await deleteAll(publication.aside, files, 'output that was replaced', logger);
}

/** The changes of one publication, each with the one that takes it back. */
class Publication {
  /** Where what was replaced has been put. */
  readonly aside: string[] = [];
  readonly #undoing: (() => Promise<unknown>)[] = [];

  constructor(private readonly files: FileSystems) {}

  async take(steps: readonly FinishStep[]): Promise<void> {
    const renames = steps.filter((step) => step.kind === 'rename');
    for (const path of new Set(steps.filter((step) => step.kind === 'delete').map((step) => step.path))) await this.#putAside(path);
    for (const directory of new Set(renames.map(({ to }) => parentPath(to)))) await this.#makeDirectory(directory);
    const [only] = renames;
    // One file replaces another at once: nobody sees the place empty.
    if (only && steps.length === 1) return await move(only.from, only.to, only.overwrite, this.files);
    for (const step of renames) await this.#rename(step);
  }

  /** What cannot be taken back is logged and stays. */
  async takeBack(logger: Logger): Promise<void> {
    for (const undo of this.#undoing.toReversed()) {
      await undo().catch((error: unknown) => {
        logger.warn('cannot take back output of a job that failed at its end', { error: textOf(error) });
      });
    }
  }

  async #rename({ from, to, overwrite }: RenameOnSuccess): Promise<void> {
    if (overwrite) await this.#putAside(to);
    await move(from, to, false, this.files);
    this.#undoing.push(async () => {
      await move(to, from, false, this.files);
    });
  }

  async #putAside(path: string): Promise<void> {
    const { fileSystem, path: resolved } = this.files.resolve(path);
    if (!(await fileSystem.exists(resolved))) return;
    const aside = joinPath(parentPath(path), `.${pathName(path)}.replaced.${randomUUID()}`);
    await move(path, aside, false, this.files);
    this.aside.push(aside);
    this.#undoing.push(async () => {
      await move(aside, path, false, this.files);
    });
  }

  async #makeDirectory(directory: string): Promise<void> {
    const { fileSystem, path } = this.files.resolve(directory);
    if (await fileSystem.exists(path)) return;
    await this.#makeDirectory(parentPath(directory));
    await fileSystem.makeDirectories(path);
    this.#undoing.push(async () => await fileSystem.delete(path));
  }
}

async function remove(directory: string, files: FileSystems): Promise<void> {
  const { fileSystem, path } = files.resolve(directory);
  await fileSystem.delete(path, { recursive: true });
}

async function move(from: string, to: string, overwrite: boolean, files: FileSystems): Promise<void> {
  const source = files.resolve(from);
  await source.fileSystem.rename(source.path, files.resolve(to).path, { overwrite });
}

/** Deletes the directories of a job's unfinished output. What cannot be deleted is logged and stays. */
export async function deleteScratch(directories: readonly string[], files: FileSystems, logger: Logger): Promise<void> {
  await deleteAll(directories, files, 'unfinished output', logger);
}

async function deleteAll(paths: readonly string[], files: FileSystems, what: string, logger: Logger): Promise<void> {
  for (const path of paths) {
    try {
      await remove(path, files);
    } catch (error) {
      logger.warn(`cannot delete ${what}`, { directory: path, error: textOf(error) });
    }
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
