import { InvalidProgramError } from '../errors.js';
import type { Operation } from './operation.js';
import type { RuntimeMode, StreamGraph } from './stream-graph.js';

/** What the checkpoints of a job are to be, as far as loops matter. */
export interface IterationCheckpoints {
  readonly enabled: boolean;
  readonly forced: boolean;
  readonly unaligned: boolean;
  readonly unalignedForced: boolean;
}

/** Throws `InvalidProgramError` (user) when a loop is open, or the job is a batch. */
export function checkLoops(operations: readonly Operation[], runtimeMode: RuntimeMode): void {
  for (const { spec, name, tails } of operations) {
    if (spec.kind !== 'iterationHead') continue;
    if (runtimeMode === 'BATCH') {
      throw new InvalidProgramError(
        'Iterations are not supported in BATCH execution mode. If you want to execute such a pipeline, please set the ' +
          "'execution.runtime-mode'=STREAMING",
        'Leave out "setRuntimeMode", or set "execution.runtime-mode" to STREAMING.',
      );
    }
    if (tails.length === 0) {
      throw new InvalidProgramError(`Iteration ${name} does not have any feedback edges.`, 'Close it with "closeWith".');
    }
  }
}

/** Throws `InvalidProgramError` (user) when checkpoints are to be made of a job with loops, and nobody insists on it. */
export function checkIterationCheckpoints({ nodes }: StreamGraph, checkpoints: IterationCheckpoints): void {
  if (!checkpoints.enabled || !nodes.some(({ spec }) => spec.kind === 'iterationHead')) return;
  if (!checkpoints.forced) {
    throw new InvalidProgramError(
      'Checkpointing is currently not supported by default for iterative jobs, as we cannot guarantee exactly once semantics. ' +
        'State checkpoints happen normally, but records in-transit during the snapshot will be lost upon failure. ' +
        '\nThe user can force enable state checkpoints with the reduced guarantees by calling: env.enableCheckpointing(interval,true)',
      'Do without checkpoints, or force them.',
    );
  }
  if (checkpoints.unaligned && !checkpoints.unalignedForced) {
    throw new InvalidProgramError(
      'Unaligned Checkpoints are currently not supported for iterative jobs, as we cannot guarantee exactly once semantics. ' +
        '\nThe user can force Unaligned Checkpoints by using execution.checkpointing.unaligned.forced',
      'Do without unaligned checkpoints, or set "execution.checkpointing.unaligned.forced" to true.',
    );
  }
}
