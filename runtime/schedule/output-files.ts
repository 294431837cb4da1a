import { type FileSystems, type Logger, parentPath } from '#core';
import type { FinishStep, RenameOnSuccess } from '#api';

/**
 * Makes the output of a job that has succeeded visible: takes the finish steps of all its subtasks, deletions first. When a rename fails,
 * those before it are taken back as far as nothing was replaced, so that no part of an output stays in place; throws what failed.
 */
export async function publishOutput(steps: readonly FinishStep[], files: FileSystems): Promise<void> {
  const renames = steps.filter((step) => step.kind === 'rename');
  for (const path of new Set(steps.filter((step) => step.kind === 'delete').map((step) => step.path))) await remove(path, files);
  for (const directory of new Set(renames.map(({ to }) => parentPath(to)))) {
    const { fileSystem, path } = files.resolve(directory);
    await fileSystem.makeDirectories(path);
  }
  await renameAll(renames, files);
}

async function renameAll(renames: readonly RenameOnSuccess[], files: FileSystems): Promise<void> {
  const done: RenameOnSuccess[] = [];
  try {
    for (const step of renames) {
      await move(step.from, step.to, step.overwrite, files);
      done.push(step);
    }
  } catch (error) {
    for (const { from, to, overwrite } of done.toReversed()) {
      if (!overwrite) await move(to, from, false, files).catch(() => undefined);
    }
    throw error;
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
  for (const directory of directories) {
    try {
      await remove(directory, files);
    } catch (error) {
      logger.warn('cannot delete unfinished output', { directory, error: error instanceof Error ? error.message : String(error) });
    }
  }
}
