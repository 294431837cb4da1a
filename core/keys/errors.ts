import { FlinkError } from '../errors.js';

/** A value cannot be the key of a keyed stream. */
export class InvalidKeyError extends FlinkError {
  constructor(readonly what: string) {
    super({
      code: 'INVALID_KEY',
      message: `${what} cannot be used as a key`,
      action: 'Key by a number, string, boolean, bigint or date, or by an array or object of these.',
      blame: 'user',
    });
  }
}

/** The max parallelism, or a parallelism above it, is not possible. */
export class InvalidMaxParallelismError extends FlinkError {
  constructor(
    readonly parallelism: number,
    readonly maxParallelism: number,
  ) {
    super({
      code: 'INVALID_MAX_PARALLELISM',
      message: `parallelism ${parallelism} does not go with max parallelism ${maxParallelism}`,
      action: 'Set a max parallelism from 1 to 32768 that is not below the parallelism.',
      blame: 'user',
    });
  }
}
