/** A record with an event time. */
export interface Timed {
  readonly key: string;
  readonly time: number;
  readonly value: number;
}

const STEP_MS = 7;
/** By how much a record may come before its time, less than what watermarks allow. */
const JITTER_MS = 50;

/**
 * The record of a source at an index. Times rise along the range that a subtask reads, and are out of order by at most {@link JITTER_MS}.
 * @param range how many indexes a subtask reads.
 */
export function timedRecord(source: number, index: number, keys: number, range: number): Timed {
  const jitterMs = (index * 7919 + source * 31) % JITTER_MS;
  return { key: keyOf(index * 3 + source, keys), time: (index % range) * STEP_MS + JITTER_MS - jitterMs, value: index * 2 + source };
}

export function keyOf(number: number, keys: number): string {
  return `key-${number % keys}`;
}
