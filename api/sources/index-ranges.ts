import type { Split } from '../connector/source.js';

/** The indexes from `from` up to, but not including, `to`. */
export interface IndexRange {
  readonly from: number;
  readonly to: number;
}

/** What is left to read of a range, as a split. */
export interface IndexRangeSplit extends Split, IndexRange {}

/**
 * The part of `count` indexes that a subtask reads: contiguous, and when they cannot be divided evenly the first subtasks
 * have one more.
 */
export function rangeOfSubtask(count: number, subtaskIndex: number, parallelism: number): IndexRange {
  const each = Math.floor(count / parallelism);
  const withOneMore = count - each * parallelism;
  const from = subtaskIndex * each + Math.min(subtaskIndex, withOneMore);
  return { from, to: from + each + (subtaskIndex < withOneMore ? 1 : 0) };
}
