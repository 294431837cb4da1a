import { type BlobKey, FlinkError } from '#core';

/** A blob that a job needs is not in the store. */
export class BlobMissingError extends FlinkError {
  constructor(
    readonly key: BlobKey,
    readonly where: string,
  ) {
    super({
      code: 'BLOB_MISSING',
      message: `blob "${key}" is not in ${where}`,
      action: 'Submit the program again: it may have been removed after "blob.service.cleanup.interval".',
      blame: 'internal',
    });
  }
}

/** A blob could not be had from the JobManager, however often it was tried. */
export class BlobFetchError extends FlinkError {
  constructor(
    readonly key: BlobKey,
    readonly tries: number,
    cause: unknown,
  ) {
    super({
      code: 'BLOB_FETCH_FAILED',
      message: `fetching blob "${key}" failed ${tries} times: ${cause instanceof Error ? cause.message : String(cause)}`,
      action: 'Check the connection to the JobManager, or raise "blob.fetch.retries".',
      blame: 'external',
      retriable: true,
      cause,
    });
  }
}

/** What came as a blob is not what its key says. */
export class BlobCorruptError extends FlinkError {
  constructor(
    readonly key: BlobKey,
    readonly actual: string,
  ) {
    super({
      code: 'BLOB_CORRUPT',
      message: `blob "${key}" arrived with the content of "${actual}"`,
      action: 'It is fetched again; when this goes on, check the disk and the network of the JobManager.',
      blame: 'external',
      retriable: true,
    });
  }
}

/** The directory for blobs cannot be made. */
export class BlobDirectoryError extends FlinkError {
  constructor(
    readonly directory: string,
    cause: unknown,
  ) {
    super({
      code: 'BLOB_DIRECTORY',
      message: `cannot create a blob store in "${directory}": ${cause instanceof Error ? cause.message : String(cause)}`,
      action: 'Set "blob.storage.directory" to a directory that this user may write to.',
      blame: 'user',
      cause,
    });
  }
}

/** The process that has the store is ending. */
export class BlobStoreClosedError extends FlinkError {
  constructor(readonly directory: string) {
    super({
      code: 'BLOB_STORE_CLOSED',
      message: `the blob store "${directory}" is closed`,
      action: 'The process is ending: submit the job again when the cluster is there.',
      blame: 'internal',
    });
  }
}
