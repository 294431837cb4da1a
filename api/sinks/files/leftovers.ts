import { FileNotFoundError, joinPath, pathName, type FileStatus, type FileSystem, type JobId } from '#core';
import { inProgressMark } from './part-names.js';

/** A subtask of an attempt that starts after another one was lost. */
export interface RestartedSubtask {
  readonly jobId: JobId;
  readonly subtaskIndex: number;
  readonly parallelism: number;
  /** Undefined: the job starts again from nothing. */
  readonly restoredCheckpointId: number | undefined;
}

/**
 * Deletes the files in progress that lost attempts of the job left and that the restored checkpoint knows nothing of: those begun after it.
 * Each subtask takes those of its own number, and, when there were more subtasks before, those of numbers that are gone, in turn.
 */
export async function deleteLeftovers(fileSystem: FileSystem, directory: string, subtask: RestartedSubtask): Promise<void> {
  for (const { path, directory: isDirectory } of await entriesOf(fileSystem, directory)) {
    if (isDirectory) await deleteLeftovers(fileSystem, joinPath(directory, pathName(path)), subtask);
    else if (isLeftover(path, subtask)) await fileSystem.delete(path);
  }
}

function isLeftover(path: string, { jobId, subtaskIndex, parallelism, restoredCheckpointId }: RestartedSubtask): boolean {
  const mark = inProgressMark(path, jobId);
  if (mark === undefined || mark.subtaskIndex % parallelism !== subtaskIndex) return false;
  return restoredCheckpointId === undefined || mark.epoch >= restoredCheckpointId;
}

async function entriesOf(fileSystem: FileSystem, directory: string): Promise<readonly FileStatus[]> {
  try {
    return await fileSystem.list(directory);
  } catch (error) {
    if (error instanceof FileNotFoundError) return [];
    throw error;
  }
}
