import { joinPath, type JobId } from '#core';
import type { PartPaths } from './part-names.js';

/** Where a job without checkpoints writes: it is deleted when the job ends, since nothing can go on with it. */
export function scratchDirectory(basePath: string, jobId: JobId): string {
  return joinPath(basePath, `.inprogress.${jobId}`);
}

export function scratchPaths(basePath: string, directory: string, name: string, jobId: JobId): PartPaths {
  return { target: joinPath(directory, name), temporary: joinPath(scratchDirectory(basePath, jobId), name) };
}
