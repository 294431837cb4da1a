import { option } from '../option.js';
import { durationMs } from '../types/duration.js';
import { oneOf } from '../types/one-of.js';
import { boolean, intFrom } from '../types/scalars.js';

const group = 'Checkpoints';

export const executionCheckpointingInterval = option({
  key: 'execution.checkpointing.interval',
  type: durationMs,
  group,
  takesEffect: 'yes',
  description: 'Time between the starts of two checkpoints. Without it, none are made.',
});

export const executionCheckpointingIntervalDuringBacklog = option({
  key: 'execution.checkpointing.interval-during-backlog',
  type: durationMs,
  group,
  takesEffect: 'not-yet',
  fallback: executionCheckpointingInterval,
  description: 'The interval while a source works off a backlog.',
});

export const executionCheckpointingTimeout = option({
  key: 'execution.checkpointing.timeout',
  type: durationMs,
  default: '10 min',
  group,
  takesEffect: 'yes',
  description: 'How long a checkpoint may take, from its first barrier to its last acknowledgement, before it is given up.',
});

export const executionCheckpointingMinPause = option({
  key: 'execution.checkpointing.min-pause',
  type: durationMs,
  default: '0 ms',
  group,
  takesEffect: 'yes',
  description: 'Least time between the end of a checkpoint and the start of the next.',
});

export const executionCheckpointingMaxConcurrent = option({
  key: 'execution.checkpointing.max-concurrent-checkpoints',
  type: intFrom(1),
  default: '1',
  group,
  takesEffect: 'yes',
  description: 'How many checkpoints may be under way at a time.',
});

export const executionCheckpointingMode = option({
  key: 'execution.checkpointing.mode',
  type: oneOf('EXACTLY_ONCE', 'AT_LEAST_ONCE'),
  default: 'EXACTLY_ONCE',
  group,
  takesEffect: 'yes',
  description: 'Whether barriers are aligned, so that each record changes the state exactly once.',
});

export const executionCheckpointingTolerableFailed = option({
  key: 'execution.checkpointing.tolerable-failed-checkpoints',
  type: intFrom(0),
  default: '0',
  group,
  takesEffect: 'yes',
  description: 'How many checkpoints in a row may fail before the job does.',
});

export const executionCheckpointingRetention = option({
  key: 'execution.checkpointing.externalized-checkpoint-retention',
  group,
  takesEffect: 'yes',
  default: 'NO_EXTERNALIZED_CHECKPOINTS',
  type: oneOf('DELETE_ON_CANCELLATION', 'RETAIN_ON_CANCELLATION', 'NO_EXTERNALIZED_CHECKPOINTS'),
  description: 'What becomes of the checkpoints of a job that is cancelled.',
});

export const executionCheckpointingUnaligned = option({
  key: 'execution.checkpointing.unaligned',
  type: boolean,
  default: 'false',
  group,
  takesEffect: 'yes',
  aliases: ['execution.checkpointing.unaligned.enabled'],
  description: 'Whether barriers may overtake records, which then become part of the checkpoint.',
});

export const executionCheckpointingUnalignedForced = option({
  key: 'execution.checkpointing.unaligned.forced',
  type: boolean,
  default: 'false',
  group,
  takesEffect: 'yes',
  description: 'Whether unaligned checkpoints are made of jobs with iterations, too. Records on their way round are in none of them.',
});

export const executionCheckpointingAlignedTimeout = option({
  key: 'execution.checkpointing.aligned-checkpoint-timeout',
  type: durationMs,
  default: '0 ms',
  group,
  takesEffect: 'yes',
  description: 'How long a checkpoint is tried with alignment before barriers may overtake, when unaligned checkpoints are on.',
});

export const executionCheckpointingDuringRecovery = option({
  key: 'execution.checkpointing.unaligned.during-recovery.enabled',
  type: boolean,
  default: 'false',
  group,
  takesEffect: 'not-yet',
  aliases: ['execution.checkpointing.during-recovery.enabled'],
  description: 'Whether checkpoints are made while the records held in an unaligned one are being replayed.',
});
