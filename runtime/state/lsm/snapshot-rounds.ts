import type { KeyedStateHandle, SegmentHandle } from '../../checkpoint/handles.js';
import { LsmSnapshot } from './lsm-snapshot.js';
import type { LsmStates } from './lsm-states.js';
import type { LsmStore } from './lsm-store.js';
import { Epoch } from './state-table.js';
import type { StoreSnapshot } from './store-snapshot.js';

/** Slots of a cache looked at in one slice. */
const SLOTS = 1024;

/** What holds changes that go to the store late. */
export interface PendingChanges {
  /** Writes what was changed before the snapshot, of the slots from `from` on; answers where to go on, or -1 at the end. */
  writePending(from: number, count: number): number;
}

/** Of a snapshot under way. */
interface Round {
  readonly snapshot: LsmSnapshot;
  /** What the store holds of it, once all is there. */
  stored: StoreSnapshot | undefined;
}

/**
 * The snapshots of a backend, one after the other. When one begins, the changes that are in the cache only are set apart by their epoch;
 * they move to the store in slices, or when they are about to be changed again. Only then the files of the snapshot are known.
 */
export class SnapshotRounds {
  readonly epoch = new Epoch();
  /** Whose changes are moving to the store. */
  #draining: Round | undefined;
  #caches: PendingChanges[] = [];
  #slot = 0;
  readonly #running = new Set<Round>();
  /** Files in the last complete checkpoint, by id, and those of checkpoints that are written but not complete. */
  #confirmed: ReadonlyMap<string, SegmentHandle> = new Map();
  readonly #written = new Map<number, readonly SegmentHandle[]>();

  constructor(
    private readonly store: LsmStore,
    private readonly caches: ReadonlySet<PendingChanges>,
    private readonly states: LsmStates,
    private readonly keyed: Omit<KeyedStateHandle, 'states' | 'segments'>,
  ) {}

  /** Whether changes of before the snapshot may be in caches still. */
  get draining(): boolean {
    return this.#draining !== undefined;
  }

  begin(checkpointId: number, full: boolean): LsmSnapshot {
    this.drainAll();
    this.store.beginSnapshot();
    this.epoch.next();
    const round: Round = { stored: undefined, snapshot: this.#snapshot(checkpointId, full, () => round) };
    this.#draining = round;
    this.#caches = [...this.caches];
    this.#slot = 0;
    this.#running.add(round);
    return round.snapshot;
  }

  /** Moves all changes of the snapshot under way to the store at once. */
  drainAll(): void {
    while (this.#drain());
  }

  confirm(checkpointId: number): void {
    const segments = this.#written.get(checkpointId);
    if (segments === undefined) return;
    this.#confirmed = new Map(segments.filter(({ shared }) => shared).map((segment) => [segment.id, segment]));
    for (const id of this.#written.keys()) if (id <= checkpointId) this.#written.delete(id);
  }

  abort(checkpointId: number): void {
    this.#written.delete(checkpointId);
    for (const round of this.#running) if (round.snapshot.checkpointId === checkpointId) this.#giveUp(round);
  }

  close(): void {
    for (const round of this.#running) this.#giveUp(round);
  }

  #giveUp(round: Round): void {
    round.snapshot.abandon();
    if (this.#draining === round) this.drainAll();
    round.stored?.release();
    this.#running.delete(round);
  }

  #snapshot(checkpointId: number, full: boolean, round: () => Round): LsmSnapshot {
    return new LsmSnapshot({
      checkpointId,
      full,
      keyed: this.keyed,
      states: [...this.states.all],
      metas: this.states.all.map((state) => state.meta()),
      known: this.#confirmed,
      drain: () => this.#draining === round() && this.#drain(),
      stored: () => round().stored!,
      workOnFlush: (bytes) => this.store.workOnFlush(bytes),
      ended: (segments) => {
        round().stored?.release();
        this.#running.delete(round());
        if (segments !== undefined) this.#written.set(checkpointId, segments);
      },
    });
  }

  /** Answers whether there is more. */
  #drain(): boolean {
    const round = this.#draining;
    if (round === undefined) return false;
    const cache = this.#caches.at(-1);
    if (cache !== undefined) {
      this.#slot = cache.writePending(this.#slot, SLOTS);
      if (this.#slot >= 0) return true;
      this.#slot = 0;
      this.#caches.pop();
      return true;
    }
    this.#draining = undefined;
    round.stored = this.store.endSnapshot();
    for (const state of this.states.all) this.#forgetDropped(state);
    return false;
  }

  /** Namespaces that were dropped while the snapshot needed them. */
  #forgetDropped({ needed, namespaces }: { readonly needed: Set<number>; readonly namespaces: ReadonlyMap<number, unknown> }): void {
    for (const serial of needed) if (!namespaces.has(serial)) needed.delete(serial);
  }
}
