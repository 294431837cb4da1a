import { FlinkError } from '#core';
import type { ChannelName } from './handles.js';

/** A checkpoint or savepoint holds state that the program has no operator for. */
export class UnclaimedStateError extends FlinkError {
  constructor(
    readonly path: string,
    readonly operatorId: string,
    readonly difference: string,
  ) {
    super({
      code: 'UNCLAIMED_STATE',
      message:
        `Failed to rollback to checkpoint/savepoint ${path}. Cannot map checkpoint/savepoint state for operator ${operatorId} to the new ` +
        'program, because the operator is not available in the new program. If you want to allow to skip this, you can set the ' +
        `--allowNonRestoredState option on the CLI.\n${difference}`,
      action: 'Give the operator its former uid back, or run with "-n" to go on without that state.',
      blame: 'user',
    });
  }
}

/** An unaligned checkpoint holds records on their way between two operators that the program does not connect. */
export class UnclaimedInFlightDataError extends FlinkError {
  constructor(
    readonly path: string,
    readonly channel: ChannelName,
  ) {
    super({
      code: 'UNCLAIMED_IN_FLIGHT_DATA',
      message:
        `Failed to rollback to checkpoint ${path}: it holds records that were on their way from operator ${channel.from} to operator ` +
        `${channel.to}, and the program has no such exchange any more`,
      action: 'Change a program by way of a savepoint, which holds no records in flight, or run with "-n" to lose these records.',
      blame: 'user',
    });
  }
}

/** A task has finished according to a checkpoint, and the program has tasks before it that have not. */
export class FinishedBeforeProducersError extends FlinkError {
  constructor(
    readonly task: string,
    readonly vertexId: string,
  ) {
    super({
      code: 'FINISHED_BEFORE_PRODUCERS',
      message:
        'Illegal JobGraph modification. Cannot run a program with fully finished vertices predeceased with the ones not fully finished. ' +
        `Task vertex ${task}(${vertexId}) has a predecessor not fully finished`,
      action: 'Give what is new a task behind it that is new as well: the former one reads nothing any more.',
      blame: 'user',
    });
  }
}

/** An operator has another max parallelism than its state was written with. */
export class MaxParallelismChangedError extends FlinkError {
  constructor(
    readonly path: string,
    readonly operatorId: string,
    readonly savedMaxParallelism: number,
    readonly maxParallelism: number,
  ) {
    super({
      code: 'MAX_PARALLELISM_CHANGED',
      message:
        `Failed to rollback to checkpoint/savepoint ${path}. Max parallelism mismatch between checkpoint/savepoint state and new ` +
        `program. Cannot map operator ${operatorId} with max parallelism ${savedMaxParallelism} to new program with max parallelism ` +
        `${maxParallelism}. This indicates that the program has been changed in a non-compatible way after the checkpoint/savepoint.`,
      action: `Call "setMaxParallelism(${savedMaxParallelism})" on that operator: the number of key groups cannot change.`,
      blame: 'user',
    });
  }
}

/** An operator is to run in more subtasks than its state can be divided into. */
export class ParallelismAboveSavedMaximumError extends FlinkError {
  constructor(
    readonly operator: string,
    readonly parallelism: number,
    readonly maxParallelism: number,
  ) {
    super({
      code: 'PARALLELISM_ABOVE_SAVED_MAXIMUM',
      message:
        `The state for task ${operator} can not be restored. The maximum parallelism (${maxParallelism}) of the restored state is lower ` +
        `than the configured parallelism (${parallelism}). Please reduce the parallelism of the task to be lower or equal to the maximum ` +
        'parallelism.',
      action: `Run the operator with a parallelism of at most ${maxParallelism}.`,
      blame: 'user',
    });
  }
}

/** A checkpoint that cannot be restored from. */
export interface DamagedCheckpoint {
  readonly checkpointId: number;
  /** Its path, or what it is called where it has none. */
  readonly path: string;
  readonly problem: string;
}

/** None of the checkpoints that a job has can be restored from. */
export class NoReadableCheckpointError extends FlinkError {
  constructor(
    readonly damaged: readonly DamagedCheckpoint[],
    cause: unknown,
  ) {
    const each = damaged.map(({ path, problem }) => `"${path}": ${problem}`);
    super({
      code: 'NO_READABLE_CHECKPOINT',
      message:
        each.length === 1
          ? `cannot restore from ${each[0]}`
          : `none of the checkpoints of the job can be restored from: ${each.join('; ')}`,
      action:
        'Start the job from another savepoint or checkpoint, or from nothing; "state.checkpoints.num-retained" says how many checkpoints ' +
        'are kept.',
      blame: 'external',
      cause,
    });
  }
}

/** Regions of a job cannot go on from where the others do. */
export class OlderCheckpointError extends FlinkError {
  constructor(
    readonly checkpointId: number,
    problem: string,
  ) {
    super({
      code: 'OLDER_CHECKPOINT',
      message: `checkpoint ${checkpointId} can be read no more, so the whole job begins again from an older one: ${problem}`,
      action: 'Nothing is to be done for the job; see what happened to the files of the checkpoint.',
      blame: 'external',
      retriable: true,
    });
  }
}
