import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { typeToJson } from '#core';
import type { KeyedStateHandle, SegmentHandle, StateMeta } from '../../checkpoint/handles.js';
import { SnapshotAbandonedError } from '../heap/heap-snapshot.js';
import type { KeyedSnapshot } from '../keyed-state-backend.js';
import type { SnapshotStorage } from '../snapshot-storage.js';
import { exportEntries } from './export-entries.js';
import type { LsmState } from './lsm-state.js';
import { catalogueSegment } from './native-catalogue.js';
import type { SortedFile } from './sorted-file.js';
import type { StoreSnapshot } from './store-snapshot.js';

/** Handled between two looks at the event loop: about a ms. */
const FLUSH_BYTES = 256 * 1024;
const COPY_BYTES = 256 * 1024;

export interface LsmSnapshotPlan {
  readonly checkpointId: number;
  readonly full: boolean;
  readonly keyed: Omit<KeyedStateHandle, 'states' | 'segments'>;
  readonly states: readonly LsmState[];
  readonly metas: readonly StateMeta[];
  /** Files that the last complete checkpoint has, by id. */
  readonly known: ReadonlyMap<string, SegmentHandle>;
  /** Moves a slice of what was changed before the snapshot to the store; answers whether there is more. */
  drain(): boolean;
  /** What the store holds of it; once all is moved. */
  stored(): StoreSnapshot;
  workOnFlush(bytes: number): void;
  /** Called once, with the files that were written or referred to, or without when the snapshot was given up. */
  ended(segments: readonly SegmentHandle[] | undefined): void;
}

/** One snapshot under way. */
export class LsmSnapshot implements KeyedSnapshot {
  #abandoned = false;

  constructor(private readonly plan: LsmSnapshotPlan) {}

  get checkpointId(): number {
    return this.plan.checkpointId;
  }

  /** Nothing more is written. */
  abandon(): void {
    this.#abandoned = true;
  }

  async write(storage: SnapshotStorage): Promise<KeyedStateHandle> {
    const { plan } = this;
    let segments: readonly SegmentHandle[] | undefined;
    try {
      const stored = await this.#stored();
      const written = plan.full ? await this.#writeAll(stored, storage) : await this.#writeFiles(stored, storage);
      this.#check();
      if (!plan.full) segments = written;
      return { ...plan.keyed, states: plan.metas, segments: written };
    } finally {
      plan.ended(segments);
    }
  }

  async #stored(): Promise<StoreSnapshot> {
    const { plan } = this;
    this.#check();
    while (plan.drain()) await this.#pause();
    const stored = plan.stored();
    while (!stored.written) {
      plan.workOnFlush(FLUSH_BYTES);
      await this.#pause();
    }
    return stored;
  }

  async #writeAll(stored: StoreSnapshot, storage: SnapshotStorage): Promise<SegmentHandle[]> {
    const { states, metas, keyed } = this.plan;
    const stream = storage.createStream('exclusive');
    try {
      const entries = await exportEntries(stored.runs, states, metas, keyed.keyGroups, stream, () => this.#pause());
      if (entries === 0) {
        await stream.abort();
        return [];
      }
      return [{ id: randomUUID(), bytes: await stream.close(), shared: false, fresh: true, entries }];
    } catch (error) {
      await stream.abort();
      throw error;
    }
  }

  async #writeFiles(stored: StoreSnapshot, storage: SnapshotStorage): Promise<SegmentHandle[]> {
    const segments: SegmentHandle[] = [];
    for (const file of stored.runs.flatMap(({ files }) => files)) {
      const known = this.plan.known.get(file.id);
      segments.push(known === undefined ? await this.#copy(file, storage) : { ...known, fresh: false });
    }
    const states = this.plan.states.map(({ spec, form }) => ({
      name: spec.name,
      current: form.current,
      versions: form.versions.map(({ type, expires }) => ({ type: type && typeToJson(type), expires })),
    }));
    const runs = stored.runs.map(({ files }) => files.map(({ id }) => id));
    return [catalogueSegment(randomUUID(), { runs, states }), ...segments];
  }

  async #copy(file: SortedFile, storage: SnapshotStorage): Promise<SegmentHandle> {
    const stream = storage.createStream('shared');
    try {
      for (let at = 0; at < file.sizeBytes; at += COPY_BYTES) {
        const bytes = Buffer.allocUnsafeSlow(Math.min(COPY_BYTES, file.sizeBytes - at));
        file.readBytes(bytes, 0, bytes.length, at);
        await stream.write(bytes);
        await this.#pause();
      }
      return { id: file.id, bytes: await stream.close(), shared: true, fresh: true, entries: file.entries };
    } catch (error) {
      await stream.abort();
      throw error;
    }
  }

  async #pause(): Promise<void> {
    await setImmediate();
    this.#check();
  }

  #check(): void {
    if (this.#abandoned) throw new SnapshotAbandonedError(this.plan.checkpointId);
  }
}
