import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { type Clock, FlinkError } from '#core';
import type { KeyedStateHandle, SegmentHandle, StateMeta } from '../../checkpoint/handles.js';
import type { KeyedSnapshot } from '../keyed-state-backend.js';
import type { SnapshotStorage, SnapshotStream } from '../snapshot-storage.js';
import { SegmentWriter } from '../segment/segment-writer.js';
import type { Slice, SnapshotPart, SnapshotRound } from './snapshot-part.js';

/** Records wait for no longer than this while entries are written. */
const SLICE_MS = 2;
/** Entries between two looks at the clock. */
const ENTRIES_BETWEEN_LOOKS = 16;

/** The snapshot was given up because its checkpoint was, or a later snapshot began. */
export class SnapshotAbandonedError extends FlinkError {
  constructor(readonly checkpointId: number) {
    super({
      code: 'SNAPSHOT_ABANDONED',
      message: `the snapshot for checkpoint ${checkpointId} was given up before it was written`,
      action: 'Nothing is to be done: the next checkpoint holds the state.',
      blame: 'internal',
      retriable: true,
    });
  }
}

export interface SnapshotPlan {
  readonly checkpointId: number;
  readonly round: number;
  readonly whole: boolean;
  readonly base: boolean;
  /** What it builds on. */
  readonly segments: readonly SegmentHandle[];
  readonly states: readonly StateMeta[];
  readonly parts: readonly SnapshotPart[];
  readonly keyed: Omit<KeyedStateHandle, 'states' | 'segments'>;
  readonly clock: Clock;
  /** Called when the snapshot is written, or given up (without a handle), once. */
  ended(handle: KeyedStateHandle | undefined): void;
}

/** One snapshot under way. */
export class HeapSnapshot implements KeyedSnapshot, SnapshotRound {
  readonly writer = new SegmentWriter();
  #next = 0;
  #failure: { readonly error: unknown } | undefined;
  #over = false;

  constructor(private readonly plan: SnapshotPlan) {
    for (const part of plan.parts) part.begin(this);
  }

  get checkpointId(): number {
    return this.plan.checkpointId;
  }

  get round(): number {
    return this.plan.round;
  }

  get whole(): boolean {
    return this.plan.whole;
  }

  get base(): boolean {
    return this.plan.base;
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /** Nothing more is written. */
  abandon(): void {
    if (this.#over) return;
    this.fail(new SnapshotAbandonedError(this.checkpointId));
    this.#end(undefined);
  }

  /** Collects all that is still to be written, at once, so that another snapshot can begin. */
  hurry(): void {
    if (this.#over) return;
    this.#writeSome({ over: () => false });
    this.#endParts();
  }

  async write(storage: SnapshotStorage): Promise<KeyedStateHandle> {
    let stream: SnapshotStream | undefined;
    try {
      this.#throwFailure();
      stream = storage.createStream(this.base ? 'shared' : 'exclusive');
      await this.#writeEntries(stream);
      const segment = await this.#finish(stream);
      const { segments, states, keyed } = this.plan;
      const handle = { ...keyed, states, segments: segment === undefined ? segments : [...segments, segment] };
      this.#end(handle);
      return handle;
    } catch (error) {
      this.#end(undefined);
      await stream?.abort();
      throw error;
    }
  }

  async #writeEntries(stream: SnapshotStream): Promise<void> {
    while (!this.#writeSome(this.#slice())) {
      await this.writer.drain(stream);
      await setImmediate();
      this.#throwFailure();
    }
    this.#throwFailure();
  }

  /** Answers whether all parts are written. */
  #writeSome(slice: Slice): boolean {
    const { parts } = this.plan;
    try {
      for (; this.#next < parts.length; this.#next++) if (!parts[this.#next]!.writeSome(slice)) return false;
    } catch (error) {
      this.fail(error);
    }
    return true;
  }

  async #finish(stream: SnapshotStream): Promise<SegmentHandle | undefined> {
    const { entries } = this.writer;
    if (entries === 0) {
      await stream.abort();
      return undefined;
    }
    await this.writer.finish(stream, this.plan.states);
    const bytes = await stream.close();
    this.#throwFailure();
    return { id: randomUUID(), bytes, shared: this.base, fresh: true, entries };
  }

  #slice(): Slice {
    const { clock } = this.plan;
    const endMs = clock.monotonicMs() + SLICE_MS;
    let left = ENTRIES_BETWEEN_LOOKS;
    return {
      over: () => {
        if (--left > 0) return false;
        left = ENTRIES_BETWEEN_LOOKS;
        return clock.monotonicMs() >= endMs;
      },
    };
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }

  #end(handle: KeyedStateHandle | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#endParts();
    this.plan.ended(handle);
  }

  /** Parts that have come to their end may take part in another snapshot already. */
  #endParts(): void {
    const { parts } = this.plan;
    while (this.#next < parts.length) parts[this.#next++]!.end();
  }
}
