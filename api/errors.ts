import { FlinkError } from '#core';

/** A program asks for something that cannot be run. */
export class InvalidProgramError extends FlinkError {
  constructor(message: string, action: string) {
    super({ code: 'INVALID_PROGRAM', message, action, blame: 'user' });
  }
}

/** `execute` was called before there was anything to run. */
export class NoOperatorsError extends FlinkError {
  constructor() {
    super({
      code: 'NO_OPERATORS',
      message: 'No operators defined in streaming topology. Cannot execute.',
      action: 'Give the program at least one operator or sink, "print()" for example, before it calls "execute".',
      blame: 'user',
    });
  }
}

/** A parallelism, or maximum parallelism, that cannot be. */
export class InvalidParallelismError extends FlinkError {
  constructor(
    readonly setting: string,
    readonly value: number,
    readonly largest: number,
  ) {
    super({
      code: 'INVALID_PARALLELISM',
      message: `the ${setting} must be a whole number from 1 to ${largest}, not "${value}"`,
      action: 'Correct the number given in the program, on the command line or in the configuration.',
      blame: 'user',
    });
  }
}

/** An operator that cannot run in parallel was asked to. */
export class NonParallelOperatorError extends FlinkError {
  constructor(
    readonly operator: string,
    readonly parallelism: number,
  ) {
    super({
      code: 'NON_PARALLEL_OPERATOR',
      message: `The parallelism of non parallel operator must be 1. Operator: "${operator}", parallelism: ${parallelism}`,
      action: 'Leave out "setParallelism" there, or use a source that can be split, such as "fromParallelCollection".',
      blame: 'user',
    });
  }
}

/** `forward` was asked for between operators of different parallelism. */
export class ForwardPartitioningError extends FlinkError {
  /** The operators are shown as `name-id parallelism: n`. */
  constructor(
    readonly upstream: string,
    readonly downstream: string,
  ) {
    super({
      code: 'FORWARD_PARTITIONING',
      message:
        `Forward partitioning does not allow change of parallelism. Upstream operation: ${upstream}, downstream operation: ${downstream}` +
        ' You must use another partitioning strategy, such as broadcast, rebalance, shuffle or global.',
      action: 'Give both operators the same parallelism, or leave out "forward()".',
      blame: 'user',
    });
  }
}

/** Two sinks of a job would write over each other. */
export class SharedOutputError extends FlinkError {
  constructor(
    readonly path: string,
    readonly sinks: readonly [string, string],
  ) {
    super({
      code: 'SHARED_OUTPUT',
      message: `sinks "${sinks[0]}" and "${sinks[1]}" both write to "${path}"`,
      action: 'Give each its own path.',
      blame: 'user',
    });
  }
}

/** Two operators of a program have the same `uid`. */
export class DuplicateUidError extends FlinkError {
  constructor(readonly uid: string) {
    super({
      code: 'DUPLICATE_UID',
      message:
        `Hash collision on user-specified ID "${uid}". Most likely cause is a non-unique ID.` +
        ' Please check that all IDs specified via `uid(String)` are unique.',
      action: 'Give each operator an id of its own.',
      blame: 'user',
    });
  }
}

/** A field by which records are to be keyed or aggregated cannot be in them, as their declared type shows. */
export class InvalidFieldError extends FlinkError {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super({
      code: 'INVALID_FIELD',
      message,
      action: 'Name a field that the records have, or give a function that finds the key.',
      blame: 'user',
    });
  }
}

/** A record lacks the field by which it is keyed, aggregated or projected. */
export class MissingFieldError extends FlinkError {
  constructor(
    readonly field: string,
    readonly present: string,
  ) {
    super({
      code: 'MISSING_FIELD',
      message: `a record has no field "${field}": it is ${present}`,
      action: 'Name a field that all records have, or filter out the records that lack it.',
      blame: 'user',
    });
  }
}

/** Nothing in this process can run programs. */
export class NoExecutorError extends FlinkError {
  constructor() {
    super({
      code: 'NO_EXECUTOR',
      message: 'no executor is installed that could run the program',
      action: 'Import the package by its name, "flink-ts", or run the program with "flink-ts run".',
      blame: 'user',
    });
  }
}
