import type { TypedInfo } from '#core';
import { InvalidProgramError } from '../errors.js';
import type { Operation, StreamInput } from '../graph/operation.js';
import { closeIteration } from './close-iteration.js';
import { ConnectedStreams } from './connected-streams.js';
import type { DataStream } from './data-stream.js';
import type { StreamProgram } from './stream-program.js';

const FEEDBACK = 'iteration feedback';

/** The head of a loop whose feedback is of another type than its input: the second of two connected streams. */
export class ConnectedIterativeStreams<I, F> extends ConnectedStreams<I, F> {
  readonly #program: StreamProgram;
  readonly #head: Operation;
  readonly #inputsOf: (stream: DataStream<F>) => readonly StreamInput[];

  /** @param inputsOf checks that a stream belongs to the same program. */
  constructor(
    program: StreamProgram,
    head: Operation,
    maxWaitMs: number,
    type: TypedInfo<F> | undefined,
    inputsOf: (stream: DataStream<F>) => readonly StreamInput[],
  ) {
    const input = { from: head, partitioning: undefined, outputTag: undefined };
    super(program, [input], [{ ...input, outputTag: FEEDBACK }]);
    this.#program = program;
    this.#head = head;
    this.#inputsOf = inputsOf;
    head.spec = { kind: 'iterationHead', maxWaitMs, feedbackTag: FEEDBACK, ...(type !== undefined && { feedbackType: type }) };
  }

  /** As `IterativeStream.closeWith`. */
  closeWith(feedback: DataStream<F>): DataStream<F> {
    closeIteration(this.#program, this.#head, this.#inputsOf(feedback));
    return feedback;
  }

  /** Throws `InvalidProgramError` (user): what is to be keyed are the streams that come in. */
  override keyBy(): never {
    throw new InvalidProgramError(
      'Cannot change the input partitioning of an iteration head directly.' +
        ' Apply the partitioning on the input and feedback streams instead.',
      'Call "keyBy" on the stream before "iterate", and on the one given to "closeWith".',
    );
  }
}
