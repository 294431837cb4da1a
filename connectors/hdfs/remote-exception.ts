import { FileExistsError, FileNotFoundError, FileSystemError, type FlinkError } from '#core';
import type { HttpAnswer } from '#security';
import { HdfsFullError, HdfsPermissionError, HdfsQuotaError, HdfsRemoteError, HdfsSafeModeError } from './errors.js';

/** `{"RemoteException": {…}}`, by which HDFS answers what it does not do. */
export interface RemoteException {
  /** Without its package: `StandbyException`. */
  readonly exception: string;
  readonly javaClassName: string;
  /** May go on for lines, with a Java stack. */
  readonly message: string;
}

/** What an answer without success says. A body of another kind, of a proxy for example, becomes an exception named after the status. */
export function remoteException({ status, body }: HttpAnswer): RemoteException {
  const text = body.toString('utf8');
  const parsed = parsedException(text);
  if (parsed !== undefined) {
    return { exception: parsed.exception ?? '', javaClassName: parsed.javaClassName ?? '', message: parsed.message ?? '' };
  }
  const shown = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return {
    exception: `HTTP ${status}`,
    javaClassName: '',
    message: `HTTP status ${status}${shown === '' ? '' : `: ${shown.slice(0, 200)}`}`,
  };
}

function parsedException(text: string): Partial<RemoteException> | undefined {
  try {
    return (JSON.parse(text) as { RemoteException?: Partial<RemoteException> } | null)?.RemoteException;
  } catch {
    return undefined;
  }
}

/** The NameNode asked is not the active one. */
export function isStandby({ exception }: RemoteException): boolean {
  return exception === 'StandbyException';
}

/** The server asks for patience: it is just starting, or busy. */
export function isRetriable({ exception }: RemoteException): boolean {
  return exception === 'RetriableException' || exception === 'HTTP 503' || exception === 'HTTP 429';
}

/** The file is being closed, cut off or given up by a writer that is gone: soon it will be free. */
export function isBeingRecovered({ exception, message }: RemoteException): boolean {
  return (
    exception === 'RecoveryInProgressException' || exception === 'AlreadyBeingCreatedException' || message.includes('AlreadyBeingCreated')
  );
}

/** A NameNode that finds no DataNode for a block, for a new one or for the first. */
const NO_ROOM = /could only be (?:written|replicated) to \d+ /;
const NO_DATA_NODE = /^failed to find datanode/i;

/** Our error for what the server says. */
export function remoteError(operation: string, path: string, remote: RemoteException): FlinkError {
  const message = firstLine(remote.message);
  switch (remote.exception) {
    case 'FileNotFoundException':
      // Deleting and renaming, a parent that is a file is told with the same exception.
      return new FileNotFoundError(path, remote, 'Check the path.');
    case 'FileAlreadyExistsException':
      return new FileExistsError(path, remote);
    case 'AccessControlException':
    case 'SecurityException':
      return new HdfsPermissionError(path, operation, message.replace(/^Permission denied(?: by)?:? /, ''));
    case 'SafeModeException':
      return new HdfsSafeModeError(path, operation);
    case 'DSQuotaExceededException':
    case 'NSQuotaExceededException':
    case 'QuotaByStorageTypeExceededException':
      return new HdfsQuotaError(path, operation, message);
    case 'PathIsNotEmptyDirectoryException':
      return new FileSystemError(path, operation, 'the directory is not empty', remote);
    case 'ParentNotDirectoryException':
      return new FileSystemError(path, operation, 'a part of the path is not a directory', remote);
    default:
      if (/safe mode/i.test(message)) return new HdfsSafeModeError(path, operation);
      if (NO_ROOM.test(message)) return new HdfsFullError(path, operation, message);
      if (operation !== 'read' && NO_DATA_NODE.test(message)) {
        return new HdfsFullError(path, operation, 'the NameNode finds none that lives and has room');
      }
      return new HdfsRemoteError(path, operation, message === '' ? remote.exception : message, remote.exception);
  }
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]!.trim();
}
