import { FlinkError } from '#core';

/** A replay of the program built another graph than its submission did. */
export class ReplayMismatchError extends FlinkError {
  constructor(
    readonly file: string,
    readonly difference: string,
  ) {
    super({
      code: 'REPLAY_MISMATCH',
      message: `"${file}" built another graph when it was replayed in a slot: ${difference}`,
      action: 'Make "main" depend on its arguments only; put side effects and everything that changes into "env.once(…)".',
      blame: 'user',
    });
  }
}

/** A replay of the program came to its end before it came to the job. */
export class ReplayEndedError extends FlinkError {
  constructor(
    readonly file: string,
    readonly executionIndex: number,
  ) {
    super({
      code: 'REPLAY_ENDED',
      message: `"${file}" ended without its call number ${executionIndex + 1} of "execute" when it was replayed in a slot`,
      action: 'Make "main" call "execute" under the same conditions everywhere; put what changes into "env.once(…)".',
      blame: 'user',
    });
  }
}

/** A replay of the program threw before it came to the job. */
export class ReplayFailedError extends FlinkError {
  constructor(
    readonly file: string,
    cause: unknown,
  ) {
    super({
      code: 'REPLAY_FAILED',
      message: `"${file}" failed when it was replayed in a slot: ${cause instanceof Error ? cause.message : String(cause)}`,
      action: 'Files, variables and packages that "main" needs must be there on every node, or be read in "env.once(…)".',
      blame: 'user',
      cause,
    });
  }
}
