import { FlinkError } from '#core';

/** The program's code failed in an operator; the cause is the program's own error. */
export class OperatorFailedError extends FlinkError {
  readonly place: string;

  /** @param subtask as `2/4`: the second of four. */
  constructor(
    readonly operator: string,
    readonly subtask: string,
    cause: unknown,
  ) {
    super({
      code: 'OPERATOR_FAILED',
      message: `operator "${operator}" failed in subtask ${subtask}: ${cause instanceof Error ? cause.message : String(cause)}`,
      action: 'Mend the program where the cause says, or handle such records in it.',
      blame: 'user',
      cause,
    });
    this.place = placeOf(operator, subtask);
  }
}

function placeOf(operator: string, subtask: string): string {
  return `operator "${operator}" (${subtask})`;
}

/**
 * Names the operator that an error came from. An error of ours says already what it is: it keeps its words, and gets the place unless
 * flink-ts itself is to blame.
 */
export function operatorFailure(operator: string, subtaskIndex: number, parallelism: number, error: unknown): FlinkError {
  const subtask = `${subtaskIndex + 1}/${parallelism}`;
  if (!(error instanceof FlinkError)) return new OperatorFailedError(operator, subtask, error);
  if (error.blame === 'internal' || 'place' in error) return error;
  return Object.assign(error, { place: placeOf(operator, subtask) });
}
