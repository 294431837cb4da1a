import { FileSystemError, FlinkError } from '#core';

/** It cannot be told which NameNode a path means. */
export class HdfsAddressError extends FlinkError {
  constructor(
    message: string,
    /** The Hadoop key that would have told. */
    readonly missingKey?: string,
  ) {
    const advice = 'Name with "fs.hdfs.hadoopconf" or HADOOP_CONF_DIR the directory of "core-site.xml" and "hdfs-site.xml"';
    super({
      code: 'HDFS_ADDRESS',
      message,
      action: missingKey === undefined ? `${advice}, or write host and port into the path.` : `${advice}; it should set "${missingKey}".`,
      blame: 'user',
    });
  }
}

/** Flink's text for a host or name service that nobody knows. */
export function unresolvedAuthority(authority: string): string {
  return `The Hadoop file system's authority (${authority}), specified by either the file URI or the configuration, cannot be resolved.`;
}

/** A NameNode or DataNode refused what it was asked for. */
export class HdfsRemoteError extends FileSystemError {
  constructor(
    path: string,
    operation: string,
    reason: string,
    /** Name of the Java exception without its package, such as `RetriableException`. */
    readonly exception: string,
  ) {
    super(path, operation, reason, undefined, {
      code: 'HDFS_REFUSED',
      action: 'Look up what was answered in the logs of the NameNode and DataNodes.',
    });
  }
}

/** The user may not do this to that path. */
export class HdfsPermissionError extends FileSystemError {
  constructor(path: string, operation: string, detail: string) {
    super(path, operation, `permission denied: ${detail}`, undefined, {
      code: 'HDFS_PERMISSION',
      action: 'Give the user the right in HDFS, or become another user with HADOOP_USER_NAME.',
      blame: 'user',
      retriable: false,
    });
  }
}

/** HDFS takes no changes now. */
export class HdfsSafeModeError extends FileSystemError {
  constructor(path: string, operation: string) {
    super(path, operation, 'the NameNode is in safe mode, in which HDFS is read-only', undefined, {
      code: 'HDFS_SAFE_MODE',
      action: 'Wait until enough DataNodes have reported, or end it with "hdfs dfsadmin -safemode leave".',
    });
  }
}

/** A directory may have no more files, or no more bytes. */
export class HdfsQuotaError extends FileSystemError {
  constructor(path: string, operation: string, detail: string) {
    super(path, operation, `over the quota: ${detail}`, undefined, {
      code: 'HDFS_QUOTA',
      action: 'Delete files, or raise the quota with "hdfs dfsadmin -setSpaceQuota" or "-setQuota".',
    });
  }
}

/** No DataNode has room for a block. */
export class HdfsFullError extends FileSystemError {
  constructor(path: string, operation: string, detail: string) {
    super(path, operation, `no DataNode takes a block: ${detail}`, undefined, {
      code: 'HDFS_FULL',
      action: 'Free space in HDFS, or add DataNodes; "hdfs dfsadmin -report" tells which there are, and what each has left.',
    });
  }
}

/** No NameNode, or no DataNode, answers. */
export class HdfsUnreachableError extends FileSystemError {
  constructor(
    path: string,
    operation: string,
    readonly addresses: readonly string[],
    detail: string,
    cause?: unknown,
  ) {
    super(path, operation, `${addresses.join(', ')}: ${detail}`, cause, {
      code: 'HDFS_UNREACHABLE',
      action: 'Check that HDFS runs, and that its web addresses ("dfs.namenode.http-address") are right and reachable from here.',
    });
  }
}

/** A DataNode closed the connection in the middle of a file. */
export class HdfsBrokenStreamError extends FileSystemError {
  constructor(path: string, operation: string, address: string, detail: string, cause?: unknown) {
    super(path, operation, `the connection to DataNode ${address} broke: ${detail}`, cause, {
      code: 'HDFS_BROKEN_STREAM',
      action: 'Nothing has to be done when the job restarts from a checkpoint; else write the file again.',
    });
  }
}
