import type { SegmentWriter } from '../segment/segment-writer.js';

/** One snapshot, as the tables that take part in it see it. */
export interface SnapshotRound {
  readonly checkpointId: number;
  /** Counts the snapshots of the backend, from 1. */
  readonly round: number;
  /** All entries; else those that changed since the last snapshot that is the base of others was confirmed. */
  readonly whole: boolean;
  /** Later snapshots may build on this one: its changes need not be written again once it is confirmed. */
  readonly base: boolean;
  readonly writer: SegmentWriter;
  /** Takes what went wrong when an entry was written because of a change: the snapshot fails, not the change. */
  fail(error: unknown): void;
}

/** Says when a slice of work ends. */
export interface Slice {
  over(): boolean;
}

/**
 * A table with entries that go into snapshots. Entries that await being written are written by `writeSome`, or before they are changed,
 * whatever comes first, so that the snapshot holds what was there when it began.
 */
export interface SnapshotPart {
  /** From now on changes are kept apart. No other round is under way. */
  begin(round: SnapshotRound): void;
  /** Writes entries until the slice is over; answers whether all are written. */
  writeSome(slice: Slice): boolean;
  /** The round is over, or given up: nothing is written any more. */
  end(): void;
  /** The snapshot, one that is a base, is complete: what it holds need not be written again. */
  confirm(checkpointId: number, round: number): void;
  /** The snapshot will never be complete. */
  abort(checkpointId: number): void;
}
