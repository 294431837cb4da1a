import { FlinkError } from '#core';

const DIRECTORIES_KEY = 'state.backend.rocksdb.checkpointdir';

function causeText(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function isFull(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
}

/** A local file of the "rocksdb" backend could not be written. */
export class StateFileWriteError extends FlinkError {
  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    super({
      code: 'STATE_FILE_WRITE_FAILED',
      message: isFull(cause)
        ? `the disk is full: state file "${path}" cannot be written`
        : `writing state file "${path}" failed: ${causeText(cause)}`,
      action: `Make room, or have "${DIRECTORIES_KEY}" name directories on another disk that can be written to.`,
      blame: 'external',
      retriable: true,
      cause,
    });
  }
}

/** A local file of the "rocksdb" backend could not be read. */
export class StateFileReadError extends FlinkError {
  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    super({
      code: 'STATE_FILE_READ_FAILED',
      message: `reading state file "${path}" failed: ${causeText(cause)}`,
      action: `Check the disk of "${DIRECTORIES_KEY}", and that nothing else deletes files there; the job restarts from a checkpoint.`,
      blame: 'external',
      retriable: true,
      cause,
    });
  }
}

/** The bytes of a file of the "rocksdb" backend are not those that were written. */
export class DamagedStateFileError extends FlinkError {
  constructor(
    readonly path: string,
    readonly position: number,
    readonly what: string,
    /** The key that was looked for, in hexadecimal digits. */
    readonly key?: string,
  ) {
    super({
      code: 'STATE_FILE_DAMAGED',
      message: `state file "${path}" is damaged at byte ${position}: ${what}${key === undefined ? '' : `, found with key ${key}`}`,
      action: `Check the disk of "${DIRECTORIES_KEY}"; the job restarts from its last checkpoint.`,
      blame: 'external',
      retriable: true,
    });
  }
}
