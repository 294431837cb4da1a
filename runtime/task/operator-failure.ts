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
    this.place = `operator "${operator}" (${subtask})`;
  }
}

/** Names the operator that an error came from, unless the error says already what it is. */
export function operatorFailure(operator: string, subtaskIndex: number, parallelism: number, error: unknown): FlinkError {
  return error instanceof FlinkError ? error : new OperatorFailedError(operator, `${subtaskIndex + 1}/${parallelism}`, error);
}
