import { option } from '../option.js';
import { memorySize } from '../types/memory-size.js';
import { oneOf } from '../types/one-of.js';
import { boolean, intFrom, long, string } from '../types/scalars.js';
import { taskManagerTmpDirs } from './file-systems.js';
import { pathList } from '../types/lists.js';

const group = 'State';
const CHECKPOINT_DIR = 'execution.checkpointing.dir';

export const stateBackend = option({
  key: 'state.backend',
  type: string,
  default: 'jobmanager',
  group,
  takesEffect: 'yes',
  aliases: ['state.backend.type'],
  description:
    'How state is kept and where checkpoints go: "jobmanager" (also "hashmap"), "filesystem", "rocksdb", or the name of a factory.',
});

export const executionCheckpointingStorage = option({
  key: 'execution.checkpointing.storage',
  type: string,
  group,
  takesEffect: 'yes',
  aliases: ['state.checkpoint-storage'],
  defaultNote: 'follows from state.backend',
  description: 'Where checkpoints go: "jobmanager" or "filesystem".',
});

export const stateBackendFsCheckpointdir = option({
  key: 'state.backend.fs.checkpointdir',
  type: string,
  group,
  takesEffect: 'yes',
  aliases: [CHECKPOINT_DIR],
  description: 'Directory of the data of checkpoints. Needed by "filesystem".',
});

export const stateBackendFsMemoryThresholdBytes = option({
  key: 'state.backend.fs.memory-threshold',
  type: memorySize,
  default: '1024',
  group,
  takesEffect: 'yes',
  aliases: ['state.storage.fs.memory-threshold', 'execution.checkpointing.data-inline-threshold'],
  description: "State up to this size is kept in the checkpoint's metadata instead of a file.",
});

export const stateBackendRocksdbCheckpointdir = option({
  key: 'state.backend.rocksdb.checkpointdir',
  type: pathList,
  fallback: taskManagerTmpDirs,
  group,
  takesEffect: 'yes',
  aliases: ['state.backend.rocksdb.localdir'],
  description: 'Local working directories of the "rocksdb" backend; in spite of the name not where checkpoints go.',
});

export const stateBackendRocksdbMemoryManaged = option({
  key: 'state.backend.rocksdb.memory.managed',
  type: boolean,
  default: 'true',
  group,
  takesEffect: 'yes',
  description:
    'Whether the "rocksdb" backends of a slot share the managed memory of the slot; else they share ' +
    '"state.backend.rocksdb.block.cache-size" and two write buffers.',
});

export const stateBackendRocksdbMemoryFixedPerSlotBytes = option({
  key: 'state.backend.rocksdb.memory.fixed-per-slot',
  type: memorySize,
  group,
  takesEffect: 'yes',
  defaultNote: 'as "state.backend.rocksdb.memory.managed" says',
  description: 'Memory that the "rocksdb" backends of a slot share: values in use, write buffers, blocks of files.',
});

export const stateBackendRocksdbBlockCacheBytes = option({
  key: 'state.backend.rocksdb.block.cache-size',
  type: memorySize,
  default: '8mb',
  group,
  takesEffect: 'yes',
  description: 'Memory of a slot for values in use and blocks of files, when the "rocksdb" backends do not take managed memory.',
});

export const stateBackendRocksdbWriteBufferBytes = option({
  key: 'state.backend.rocksdb.writebuffer.size',
  type: memorySize,
  default: '64mb',
  group,
  takesEffect: 'yes',
  description: 'Size at which a write buffer of a "rocksdb" backend is written to a file; smaller when memory is short. There are two.',
});

export const stateBackendIncremental = option({
  key: 'state.backend.incremental',
  type: boolean,
  default: 'true',
  group,
  takesEffect: 'yes',
  aliases: ['execution.checkpointing.incremental'],
  description: 'Whether a checkpoint writes only what changed since the one before, for every backend; Flink itself has "false".',
});

export const stateCheckpointsDir = option({
  key: 'state.checkpoints.dir',
  type: string,
  group,
  takesEffect: 'yes',
  aliases: [CHECKPOINT_DIR],
  description: 'Directory of the metadata of externalized checkpoints.',
});

export const stateCheckpointsNumRetained = option({
  key: 'state.checkpoints.num-retained',
  type: intFrom(1),
  default: '1',
  group,
  takesEffect: 'yes',
  aliases: ['execution.checkpointing.num-retained'],
  description: 'How many completed checkpoints are kept.',
});

export const stateSavepointsDir = option({
  key: 'state.savepoints.dir',
  type: string,
  group,
  takesEffect: 'yes',
  aliases: ['execution.checkpointing.savepoint-dir'],
  deprecatedKeys: ['savepoints.state.backend.fs.dir'],
  description: 'Directory of savepoints that are triggered without naming one.',
});

export const executionSavepointPath = option({
  key: 'execution.savepoint.path',
  type: string,
  group,
  takesEffect: 'yes',
  aliases: ['execution.state-recovery.path'],
  description: 'Savepoint or checkpoint from which the job starts. The flag "-s" sets it.',
});

export const executionSavepointIgnoreUnclaimedState = option({
  key: 'execution.savepoint.ignore-unclaimed-state',
  type: boolean,
  default: 'false',
  group,
  takesEffect: 'yes',
  aliases: ['execution.state-recovery.ignore-unclaimed-state'],
  description: 'Whether state of a savepoint that no operator of the job claims is dropped. The flag "-n" sets it.',
});

export const executionStateRecoveryClaimMode = option({
  key: 'execution.state-recovery.claim-mode',
  type: oneOf('NO_CLAIM', 'CLAIM', 'LEGACY'),
  default: 'NO_CLAIM',
  group,
  takesEffect: 'yes',
  deprecatedKeys: ['execution.savepoint-restore-mode'],
  description: 'Who owns the savepoint a job starts from: "CLAIM" (the job), "NO_CLAIM" (the user) or "LEGACY".',
});

export const executionStateRecoveryFromLocal = option({
  key: 'execution.state-recovery.from-local',
  type: boolean,
  default: 'false',
  group,
  takesEffect: 'not-yet',
  aliases: ['state.backend.local-recovery'],
  description: 'Whether a restarted task reads its state from a local copy where there is one.',
});

export const taskCheckpointAlignmentMaxSize = option({
  key: 'task.checkpoint.alignment.max-size',
  type: long,
  default: '-1',
  group,
  takesEffect: 'not-yet',
  description: 'How many bytes may be held back while barriers are aligned before the checkpoint is given up. -1: no limit.',
});
