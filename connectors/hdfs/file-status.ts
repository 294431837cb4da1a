import { joinPath, type FileStatus } from '#core';

/** What WebHDFS tells of a file, in what of it is of use here. */
export interface RemoteFileStatus {
  /** Name below the directory that was asked for; empty for what was asked for itself. */
  readonly pathSuffix: string;
  readonly type: 'FILE' | 'DIRECTORY' | 'SYMLINK';
  readonly length: number;
  readonly modificationTime: number;
  readonly blockSize: number;
}

/** `path` is what was asked for. */
export function fileStatus(path: string, remote: RemoteFileStatus): FileStatus {
  const directory = remote.type === 'DIRECTORY';
  return {
    path: remote.pathSuffix === '' ? path : joinPath(path, remote.pathSuffix),
    directory,
    sizeBytes: directory ? 0 : remote.length,
    modifiedMs: remote.modificationTime,
    blockSizeBytes: remote.blockSize,
  };
}
