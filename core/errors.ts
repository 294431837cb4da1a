/** Who has to act on an error: the author of the program, the operator of an outside system, or us. */
export type Blame = 'user' | 'external' | 'internal';

export interface FlinkErrorFields {
  /** Stable, upper-case identifier, listed in docs/errors.md. */
  readonly code: string;
  /** What happened: lower case, no full stop, names quoted. Texts that Flink defines are kept to the letter. */
  readonly message: string;
  /** What to do about it: a sentence. */
  readonly action: string;
  readonly blame: Blame;
  /** Whether the same step may succeed when tried again. */
  readonly retriable?: boolean;
  readonly cause?: unknown;
}

/**
 * The one error hierarchy. Facts are readonly fields of subclasses; retries look at fields, never at text;
 * an outside error is wrapped once, as `cause`.
 */
export class FlinkError extends Error {
  readonly code: string;
  readonly action: string;
  readonly blame: Blame;
  readonly retriable: boolean;

  constructor(fields: FlinkErrorFields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = new.target.name;
    this.code = fields.code;
    this.action = fields.action;
    this.blame = fields.blame;
    this.retriable = fields.retriable ?? false;
  }
}

/** An invariant of our own code does not hold. */
export class InvariantError extends FlinkError {
  constructor(sentence: string) {
    super({
      code: 'INVARIANT_BROKEN',
      message: sentence,
      action: 'This is a defect of flink-ts: please report it with the log.',
      blame: 'internal',
    });
  }
}

/** Asserts an invariant, stated as a sentence. */
export function invariant(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new InvariantError(sentence);
}
