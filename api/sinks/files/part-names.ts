import { joinPath, pathName, type JobId } from '#core';

/** Digits of the job's id that are in the names of files in progress: enough to tell jobs apart. */
const JOB_DIGITS = 20;
const IN_PROGRESS = /\.inprogress\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/**
 * Who wrote a file in progress, and since when: what a restored attempt must know to tell what was lost. It is in the file's name, in the
 * form of a UUID as Flink has there:
 *
 * ```
 * .part-<uid>-<n>.inprogress.jjjjjjjj-jjjj-jjjj-ssss-jjjjeeeeeeee     j job   s subtask   e epoch
 * ```
 */
export interface InProgressMark {
  readonly jobId: JobId;
  readonly subtaskIndex: number;
  /** The checkpoint that the subtask took, or was restored from, last before it made the file. */
  readonly epoch: number;
}

/** Where a part file is to be seen, and where it is while it is written. */
export interface PartPaths {
  readonly target: string;
  readonly temporary: string;
}

export function partPaths(directory: string, name: string, mark: InProgressMark): PartPaths {
  return { target: joinPath(directory, name), temporary: joinPath(directory, `.${name}.inprogress.${markText(mark)}`) };
}

function markText({ jobId, subtaskIndex, epoch }: InProgressMark): string {
  const at = (from: number, to: number): string => jobId.slice(from, to);
  const owner = `${at(0, 8)}-${at(8, 12)}-${at(12, 16)}-${hex(subtaskIndex, 4)}`;
  return `${owner}-${at(16, JOB_DIGITS)}${hex(epoch, 8)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0').slice(-digits);
}

/** What the name of a file tells, when it is one in progress of that job. */
export function inProgressMark(path: string, jobId: JobId): InProgressMark | undefined {
  const uuid = IN_PROGRESS.exec(pathName(path))?.[1]?.replaceAll('-', '');
  if (uuid === undefined) return undefined;
  const job = uuid.slice(0, 16) + uuid.slice(20, 24);
  if (job !== jobId.slice(0, JOB_DIGITS)) return undefined;
  return { jobId, subtaskIndex: Number.parseInt(uuid.slice(16, 20), 16), epoch: Number.parseInt(uuid.slice(24), 16) };
}
