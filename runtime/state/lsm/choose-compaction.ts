import type { Run } from './run.js';

/** So many runs of like size become one. */
const LIKE_RUNS = 8;
/** A run belongs to those before it unless it is this many times as large as all of them together. */
const LIKE_FACTOR = 1.5;
/** When what is newer than the oldest run has grown to this part of it, all becomes one run again. */
const NEWER_PART = 1;

/** Runs `from` to below `to` are to be merged. */
export interface RunRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Which runs to merge next; undefined for none. Runs are newest first; those for which `busy` says so are being merged already, and are
 * older than all others.
 *
 * - The newer runs together are never much more than the oldest one, so that at most half of the bytes are of entries that were replaced.
 * - Among the newer ones, eight of like size become one, so that their number grows with the logarithm of their size.
 */
export function chooseCompaction(runs: readonly Run[], busy: (run: Run) => boolean): RunRange | undefined {
  const free = runs.findIndex(busy);
  const count = free === -1 ? runs.length : free;
  if (count === runs.length && count > 1 && newerBytes(runs) >= NEWER_PART * runs[count - 1]!.sizeBytes) return { from: 0, to: count };
  return likeRuns(runs, count);
}

function newerBytes(runs: readonly Run[]): number {
  return runs.slice(0, -1).reduce((sum, run) => sum + run.sizeBytes, 0);
}

function likeRuns(runs: readonly Run[], count: number): RunRange | undefined {
  let bytes = 0;
  let to = 0;
  for (; to < count; to++) {
    const { sizeBytes } = runs[to]!;
    if (to > 0 && sizeBytes > LIKE_FACTOR * bytes) break;
    bytes += sizeBytes;
  }
  return to >= LIKE_RUNS ? { from: 0, to } : undefined;
}
