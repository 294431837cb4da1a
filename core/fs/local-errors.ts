import { FlinkError } from '../errors.js';
import { FileExistsError, FileNotFoundError, FileSystemError } from './errors.js';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOSPC: 'no space left on the device',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENOTEMPTY: 'the directory is not empty',
  EMFILE: 'too many open files',
};

/** The code of a system error, empty for other errors. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code ?? '';
}

/** A system error as one of ours; our own pass unchanged. */
export function asFileSystemError(operation: string, path: string, error: unknown): FlinkError {
  if (error instanceof FlinkError) return error;
  const code = errorCode(error);
  if (code === 'ENOENT') return new FileNotFoundError(path, error);
  if (code === 'EEXIST') return new FileExistsError(path, error);
  const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error));
  return new FileSystemError(path, operation, reason, error);
}
