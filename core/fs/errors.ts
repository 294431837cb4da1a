import { FlinkError, type FlinkErrorFields } from '../errors.js';

/** There is no such file or directory. */
export class FileNotFoundError extends FlinkError {
  constructor(
    readonly path: string,
    cause?: unknown,
    action = 'Check the path; files of the local file system must be on every machine that reads them.',
  ) {
    super({
      code: 'FILE_NOT_FOUND',
      message: `file or directory "${path}" does not exist`,
      action,
      blame: 'user',
      cause,
    });
  }
}

/** Something is there already, and was not to be replaced. */
export class FileExistsError extends FlinkError {
  constructor(
    readonly path: string,
    cause?: unknown,
  ) {
    super({
      code: 'FILE_EXISTS',
      message:
        'File or directory already exists. Existing files and directories are not overwritten in NO_OVERWRITE mode. ' +
        'Use OVERWRITE mode to overwrite existing files and directories.',
      action: `Remove "${path}", choose another path, or set "fs.overwrite-files: true".`,
      blame: 'user',
      cause,
    });
  }
}

/** What a more special kind of {@link FileSystemError} says differently. */
export type FileSystemErrorDetails = Partial<Pick<FlinkErrorFields, 'code' | 'action' | 'blame' | 'retriable'>>;

/** A file system could not do what it was asked for. */
export class FileSystemError extends FlinkError {
  constructor(
    readonly path: string,
    readonly operation: string,
    readonly reason: string,
    cause?: unknown,
    details: FileSystemErrorDetails = {},
  ) {
    super({
      code: 'FILE_SYSTEM_ERROR',
      message: `could not ${operation} "${path}": ${reason}`,
      action: 'Check the path, its permissions and the space left there.',
      blame: 'external',
      retriable: true,
      cause,
      ...details,
    });
  }
}

/** A path cannot be understood. */
export class InvalidPathError extends FlinkError {
  constructor(
    readonly path: string,
    message: string,
  ) {
    super({
      code: 'INVALID_PATH',
      message,
      action: 'Write paths as "scheme://authority/path", "/path" or a relative path.',
      blame: 'user',
    });
  }
}

/** No file system is known for the scheme of a path. */
export class UnknownFileSystemError extends FlinkError {
  constructor(
    readonly scheme: string,
    readonly path: string,
    readonly known: readonly string[],
  ) {
    super({
      code: 'UNKNOWN_FILE_SYSTEM',
      message: `no file system is known for scheme "${scheme}" of "${path}"; known are ${known.map((name) => `"${name}"`).join(', ')}`,
      action: 'Correct the scheme, or register a file system for it.',
      blame: 'user',
    });
  }
}

/** A file that a checkpoint tells of is not as it was left. */
export class LostFileError extends FlinkError {
  constructor(
    readonly path: string,
    readonly expectedBytes: number,
    /** Undefined: there is no such file. */
    readonly foundBytes: number | undefined,
  ) {
    const found = foundBytes === undefined ? 'does not exist' : `has ${foundBytes} bytes`;
    super({
      code: 'LOST_FILE',
      message: `file "${path}" should have ${expectedBytes} bytes but ${found}`,
      action: 'Restore the job from its latest checkpoint; keep other programs away from files in progress.',
      blame: 'external',
    });
  }
}

/** A file system cannot write files exactly once. */
export class RecoverableWritesUnsupportedError extends FlinkError {
  constructor(
    readonly path: string,
    readonly scheme: string,
  ) {
    super({
      code: 'RECOVERABLE_WRITES_UNSUPPORTED',
      message: `file system "${scheme}" of "${path}" cannot go on with a file after a crash`,
      action: 'Write to a file system that can, such as "file".',
      blame: 'user',
    });
  }
}
