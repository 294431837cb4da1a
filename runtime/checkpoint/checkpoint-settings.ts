import { absolutePath } from '#core';
import {
  type Configuration,
  executionCheckpointingAlignedTimeout,
  executionCheckpointingInterval,
  executionCheckpointingMaxConcurrent,
  executionCheckpointingMinPause,
  executionCheckpointingMode,
  executionCheckpointingRetention,
  executionCheckpointingStorage,
  executionCheckpointingTimeout,
  executionCheckpointingTolerableFailed,
  executionCheckpointingUnaligned,
  fsDefaultScheme,
  stateBackend,
  stateBackendFsCheckpointdir,
  stateBackendFsMemoryThresholdBytes,
  stateBackendIncremental,
  stateCheckpointsDir,
  stateCheckpointsNumRetained,
  stateSavepointsDir,
} from '#conf';
import { CheckpointDirectoryMissingError, UnknownCheckpointStorageError, UnknownStateBackendError } from './settings-errors.js';

/** Largest piece of state that the JobManager keeps in memory, as in Flink. */
const MEMORY_PIECE_BYTES = 5 * 1024 * 1024;

export type Retention = 'DELETE_ON_CANCELLATION' | 'RETAIN_ON_CANCELLATION' | 'NO_EXTERNALIZED_CHECKPOINTS';

/** How state is kept in memory and on local disks. */
export type StateBackendName = 'hashmap' | 'rocksdb';

/** All that the configuration says of the checkpoints of a job. Directories are absolute, with their scheme. */
export interface CheckpointSettings {
  /** Undefined: none are made by themselves. */
  readonly intervalMs: number | undefined;
  readonly mode: 'EXACTLY_ONCE' | 'AT_LEAST_ONCE';
  readonly timeoutMs: number;
  readonly minPauseMs: number;
  readonly maxConcurrent: number;
  readonly tolerableFailures: number;
  readonly retention: Retention;
  readonly unaligned: boolean;
  readonly alignedTimeoutMs: number;
  readonly numRetained: number;
  readonly incremental: boolean;
  readonly stateBackend: StateBackendName;
  /** Where state goes; `jobmanager`: nowhere, the JobManager keeps it. */
  readonly storage: 'jobmanager' | 'filesystem';
  /** Of a piece of state: up to it kept in the metadata (`filesystem`), or the most there may be (`jobmanager`). */
  readonly memoryThresholdBytes: number;
  /** For files of state; there is one when `storage` is `filesystem`. */
  readonly dataDirectory: string | undefined;
  /** For `_metadata`. Undefined: complete checkpoints live and die with the JobManager. */
  readonly metadataDirectory: string | undefined;
  readonly savepointDirectory: string | undefined;
}

/**
 * Throws `InvalidOptionValueError`, {@link UnknownStateBackendError}, {@link UnknownCheckpointStorageError},
 * {@link CheckpointDirectoryMissingError} (user).
 */
export function checkpointSettings(configuration: Configuration): CheckpointSettings {
  const defaultScheme = configuration.get(fsDefaultScheme);
  const directory = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : absolutePath(text, { defaultScheme });
  const data = directory(configuration.get(stateBackendFsCheckpointdir) ?? configuration.get(stateCheckpointsDir));
  const storage = storageOf(configuration, data !== undefined);
  const minPauseMs = configuration.get(executionCheckpointingMinPause);
  const mode = configuration.get(executionCheckpointingMode);
  const unaligned = mode === 'EXACTLY_ONCE' && configuration.get(executionCheckpointingUnaligned);
  return {
    intervalMs: configuration.get(executionCheckpointingInterval),
    mode,
    timeoutMs: configuration.get(executionCheckpointingTimeout),
    minPauseMs,
    // Between checkpoints that overlap there is no pause, and channels are recorded for one at a time.
    maxConcurrent: minPauseMs > 0 || unaligned ? 1 : configuration.get(executionCheckpointingMaxConcurrent),
    tolerableFailures: configuration.get(executionCheckpointingTolerableFailed),
    retention: configuration.get(executionCheckpointingRetention),
    unaligned,
    alignedTimeoutMs: configuration.get(executionCheckpointingAlignedTimeout),
    numRetained: configuration.get(stateCheckpointsNumRetained),
    incremental: configuration.get(stateBackendIncremental),
    stateBackend: stateBackendOf(configuration),
    storage,
    memoryThresholdBytes: storage === 'jobmanager' ? MEMORY_PIECE_BYTES : configuration.get(stateBackendFsMemoryThresholdBytes),
    dataDirectory: storage === 'jobmanager' ? undefined : data,
    metadataDirectory: directory(configuration.get(stateCheckpointsDir)) ?? (storage === 'filesystem' ? data : undefined),
    savepointDirectory: directory(configuration.get(stateSavepointsDir)),
  };
}

function stateBackendOf(configuration: Configuration): StateBackendName {
  const name = configuration.get(stateBackend).toLowerCase();
  if (name === 'rocksdb') return 'rocksdb';
  if (['jobmanager', 'filesystem', 'hashmap'].includes(name)) return 'hashmap';
  throw new UnknownStateBackendError(configuration.get(stateBackend));
}

/** The old names of backends say where checkpoints go, too; a directory that is set is used. */
function storageOf(configuration: Configuration, directoryKnown: boolean): CheckpointSettings['storage'] {
  const backend = configuration.isSet(stateBackend) ? configuration.get(stateBackend).toLowerCase() : undefined;
  const storage = configuration.get(executionCheckpointingStorage)?.toLowerCase();
  if (storage !== undefined && storage !== 'jobmanager' && storage !== 'filesystem') throw new UnknownCheckpointStorageError(storage);
  if ((storage === 'filesystem' || (storage === undefined && backend === 'filesystem')) && !directoryKnown) {
    throw new CheckpointDirectoryMissingError();
  }
  return storage ?? (backend !== 'jobmanager' && directoryKnown ? 'filesystem' : 'jobmanager');
}
