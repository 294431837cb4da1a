import type { StreamEvent } from '#core';
import type { CheckpointOptions } from '../checkpoint/handles.js';

export type Barrier = Extract<StreamEvent, { kind: 'barrier' }>;

/** A checkpoint whose barriers have all come. */
export interface AlignedCheckpoint {
  readonly checkpointId: number;
  /** Of its trigger, ms since 1970. */
  readonly timestamp: number;
  readonly options: CheckpointOptions;
  /** From the first barrier to the last. */
  readonly alignmentMs: number;
  /** From the trigger to the first barrier. */
  readonly startDelayMs: number;
}

/** What the alignment does with its subtask. */
export interface AlignmentHost {
  /** Takes nothing more from the channel. */
  block(channel: number): void;
  unblock(channel: number): void;
  /** All barriers have come. Blocked channels are unblocked by `release` when the snapshot is taken. */
  onAligned(checkpoint: AlignedCheckpoint): void;
  /** The barrier of a later checkpoint came before this one's were complete: it will never be. */
  onSubsumed(checkpointId: number): void;
  /** ms since 1970. */
  now(): number;
}

interface PendingAlignment {
  readonly barrier: Barrier;
  readonly arrivedMs: number;
  readonly channels: Set<number>;
}

/**
 * Lines up the barriers of a checkpoint over all channels of a subtask. For exactly-once, a channel whose barrier has come is blocked until
 * the others' have: so what lies before the barriers, and nothing else, is in the snapshot. For at-least-once, barriers are only counted.
 *
 * ```
 *   channel 0   ── r r r │ blocked           all barriers there: snapshot, then all channels go on
 *   channel 1   ── r r r r r r │
 * ```
 */
export class BarrierAlignment {
  readonly #ended = new Set<number>();
  /** By checkpoint; exactly-once has at most one. */
  readonly #pending = new Map<number, PendingAlignment>();
  /** Checkpoints up to this one are over. */
  #latest = -1;
  readonly #aborted = new Set<number>();
  /** The latest checkpoint that has begun: for exactly-once it has put an end to those before. */
  #newest = -1;

  constructor(
    private readonly channels: number,
    private readonly host: AlignmentHost,
  ) {}

  barrier(channel: number, barrier: Barrier): void {
    const { checkpointId } = barrier;
    if (checkpointId <= this.#latest || this.#aborted.has(checkpointId)) return;
    if (exactlyOnce(barrier) && checkpointId < this.#newest) return;
    const pending = this.#pending.get(checkpointId) ?? this.#begin(barrier);
    pending.channels.add(channel);
    if (exactlyOnce(barrier)) this.host.block(channel);
    this.#completeIfAll(pending);
  }

  /** The channel has ended: it counts as aligned for whatever is to come. */
  endOfInput(channel: number): void {
    this.#ended.add(channel);
    for (const pending of [...this.#pending.values()]) this.#completeIfAll(pending);
  }

  /** The checkpoint was given up: its channels go on, and barriers of it that still come are passed over. */
  abort(checkpointId: number): void {
    if (checkpointId <= this.#latest) return;
    this.#aborted.add(checkpointId);
    this.#drop(checkpointId);
  }

  #begin(barrier: Barrier): PendingAlignment {
    if (exactlyOnce(barrier)) {
      for (const earlier of [...this.#pending.keys()]) {
        this.#drop(earlier);
        this.host.onSubsumed(earlier);
      }
    }
    this.#newest = Math.max(this.#newest, barrier.checkpointId);
    const pending = { barrier, arrivedMs: this.host.now(), channels: new Set<number>() };
    this.#pending.set(barrier.checkpointId, pending);
    return pending;
  }

  #completeIfAll({ barrier, arrivedMs, channels }: PendingAlignment): void {
    if (new Set([...channels, ...this.#ended]).size < this.channels) return;
    const { checkpointId, timestamp } = barrier;
    this.#pending.delete(checkpointId);
    this.#latest = Math.max(this.#latest, checkpointId);
    for (const aborted of this.#aborted) if (aborted <= checkpointId) this.#aborted.delete(aborted);
    this.host.onAligned({
      checkpointId,
      timestamp,
      options: optionsOf(barrier),
      alignmentMs: this.host.now() - arrivedMs,
      startDelayMs: Math.max(0, arrivedMs - timestamp),
    });
    for (const channel of channels) this.host.unblock(channel);
  }

  #drop(checkpointId: number): void {
    const pending = this.#pending.get(checkpointId);
    this.#pending.delete(checkpointId);
    for (const channel of pending?.channels ?? []) this.host.unblock(channel);
  }
}

function optionsOf(barrier: Barrier): CheckpointOptions {
  return barrier.options as unknown as CheckpointOptions;
}

function exactlyOnce(barrier: Barrier): boolean {
  return optionsOf(barrier).mode === 'EXACTLY_ONCE';
}
