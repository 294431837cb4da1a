import { FlinkError } from '#core';

/** An incremental checkpoint of the "rocksdb" backend is to be restored by another one. */
export class SnapshotOfOtherBackendError extends FlinkError {
  constructor(
    readonly operatorName: string,
    readonly backend: string,
  ) {
    super({
      code: 'SNAPSHOT_OF_OTHER_BACKEND',
      message: `state of operator "${operatorName}" is from an incremental checkpoint of "rocksdb", which "${backend}" cannot restore`,
      action: 'Set "state.backend: rocksdb". To change the backend, take a savepoint and start from that.',
      blame: 'user',
    });
  }
}
