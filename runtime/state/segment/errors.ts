import { FlinkError } from '#core';

/** A file of state does not hold what was written. */
export class DamagedStateError extends FlinkError {
  constructor(
    readonly path: string,
    readonly problem: string,
    cause?: unknown,
  ) {
    super({
      code: 'DAMAGED_STATE',
      message: `state in "${path}" is damaged: ${problem}`,
      action: 'Restore from an older checkpoint or a savepoint, and find out who changed the file.',
      blame: 'external',
      cause,
    });
  }
}
