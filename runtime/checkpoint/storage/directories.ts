import { type JobId, joinPath, type Random } from '#core';

/*
 * Where things lie, as in Flink since 1.5:
 *
 *   <checkpoint dir>/<job id>/chk-<n>/_metadata and files of that checkpoint alone
 *                            /shared            files that several checkpoints refer to
 *                            /taskowned         files that belong to the tasks
 *   <savepoint dir>/savepoint-<first 6 of the job id>-<12 hexadecimal digits>/_metadata and all files
 */

export const METADATA_FILE = '_metadata';

export interface JobDirectories {
  readonly root: string;
  readonly shared: string;
  readonly taskOwned: string;
}

export function jobDirectories(checkpointDirectory: string, jobId: JobId): JobDirectories {
  const root = joinPath(checkpointDirectory, jobId);
  return { root, shared: joinPath(root, 'shared'), taskOwned: joinPath(root, 'taskowned') };
}

export function checkpointDirectory({ root }: JobDirectories, checkpointId: number): string {
  return joinPath(root, `chk-${checkpointId}`);
}

/** A name that no other savepoint has. */
export function newSavepointDirectory(target: string, jobId: JobId, random: Random): string {
  const chance = Array.from({ length: 12 }, () => random.nextInt(16).toString(16)).join('');
  return joinPath(target, `savepoint-${jobId.slice(0, 6)}-${chance}`);
}
