import type { StreamEvent } from '#core';
import type { CheckpointOptions } from '../checkpoint/handles.js';

export type Barrier = Pick<Extract<StreamEvent, { kind: 'barrier' }>, 'checkpointId' | 'timestamp' | 'options'>;

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
    if (this.isOver(barrier)) return;
    const pending = this.#pending.get(barrier.checkpointId) ?? this.#begin(barrier);
    pending.channels.add(channel);
    if (exactlyOnce(barrier)) this.host.block(channel);
    this.#completeIfAll(pending);
  }

  /** No barrier comes by any channel, since all producers have ended: what they sent before belongs to the checkpoint. */
  trigger(barrier: Barrier): void {
    if (this.isOver(barrier)) return;
    this.#completeIfAll(this.#pending.get(barrier.checkpointId) ?? this.#begin(barrier));
  }

  /** Whether barriers of the checkpoint change nothing any more. */
  isOver(barrier: Barrier): boolean {
    const { checkpointId } = barrier;
    return checkpointId <= this.#latest || this.#aborted.has(checkpointId) || (exactlyOnce(barrier) && checkpointId < this.#newest);
  }

  /**
   * The checkpoint waits for no more barriers. Answers the channels whose barrier has come, and when the first one did, ms since 1970.
   * Earlier checkpoints are given up.
   */
  settle(barrier: Barrier): { readonly arrived: ReadonlySet<number>; readonly arrivedMs: number } {
    const { arrivedMs, channels } = this.#pending.get(barrier.checkpointId) ?? this.#begin(barrier);
    this.#over(barrier.checkpointId);
    this.#drop(barrier.checkpointId);
    return { arrived: channels, arrivedMs };
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
    const { checkpointId } = barrier;
    this.#pending.delete(checkpointId);
    this.#over(checkpointId);
    this.host.onAligned(checkpointOf(barrier, arrivedMs, this.host.now() - arrivedMs));
    for (const channel of channels) this.host.unblock(channel);
  }

  #over(checkpointId: number): void {
    this.#latest = Math.max(this.#latest, checkpointId);
    for (const aborted of this.#aborted) if (aborted <= checkpointId) this.#aborted.delete(aborted);
  }

  #drop(checkpointId: number): void {
    const pending = this.#pending.get(checkpointId);
    this.#pending.delete(checkpointId);
    for (const channel of pending?.channels ?? []) this.host.unblock(channel);
  }
}

/** @param arrivedMs when the first barrier came, ms since 1970. */
export function checkpointOf(barrier: Barrier, arrivedMs: number, alignmentMs: number): AlignedCheckpoint {
  const { checkpointId, timestamp } = barrier;
  return { checkpointId, timestamp, options: optionsOf(barrier), alignmentMs, startDelayMs: Math.max(0, arrivedMs - timestamp) };
}

function optionsOf(barrier: Barrier): CheckpointOptions {
  return barrier.options as unknown as CheckpointOptions;
}

function exactlyOnce(barrier: Barrier): boolean {
  return optionsOf(barrier).mode === 'EXACTLY_ONCE';
}
