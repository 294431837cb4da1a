import { InvalidProgramError } from '../errors.js';
import type { Operation, StreamInput } from '../graph/operation.js';
import type { StreamProgram } from './stream-program.js';

/** Adds the tail of a loop: it reads the feedback and hands it to the head. Throws `InvalidProgramError` (user). */
export function closeIteration(program: StreamProgram, head: Operation, feedback: readonly StreamInput[]): void {
  for (const { from } of feedback) {
    if (!comesOf(from, head)) {
      throw new InvalidProgramError(
        'Cannot close an iteration with a feedback DataStream that does not originate from said iteration.',
        'Close it with a stream that is made out of what "iterate" answered.',
      );
    }
    if (from.parallelism !== head.parallelism) throw differentParallelism(head, from);
  }
  const tail = program.add({ kind: 'iterationTail', head: head.position }, `IterationSink-${head.position}`, [feedback]);
  tail.parallelism = head.parallelism;
  tail.head = head;
  head.tails.push(tail);
}

function differentParallelism(head: Operation, feedback: Operation): InvalidProgramError {
  return new InvalidProgramError(
    'Parallelism of the feedback stream must match the parallelism of the original stream.' +
      ` Parallelism of original stream: ${head.parallelism}; parallelism of feedback stream: ${feedback.parallelism}.` +
      ' Parallelism can be modified using DataStream#setParallelism() method',
    'Give the operator whose records are fed back the parallelism of the input of "iterate".',
  );
}

/** Whether the operation reads the other one, directly or not. */
function comesOf(operation: Operation, origin: Operation): boolean {
  const seen = new Set<Operation>();
  const open = [operation];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === origin) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    for (const { from } of next.inputs.flat()) open.push(from);
  }
  return false;
}
