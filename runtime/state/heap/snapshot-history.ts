import type { SegmentHandle } from '../../checkpoint/handles.js';
import { sizeOf } from '../../checkpoint/handle-walk.js';

/** After this many snapshots that hold only changes, all is written again. */
const MOST_DELTAS = 7;

/** Segments that make up the state, oldest first: all of it, then changes. */
type Chain = readonly SegmentHandle[];

/** Which segments a snapshot builds on. */
export class SnapshotHistory {
  #base: Chain | undefined;
  readonly #written = new Map<number, { readonly round: number; readonly segments: Chain }>();

  /** What the next snapshot builds on; undefined: it has to hold everything. */
  next(): Chain | undefined {
    const base = this.#base;
    if (base === undefined || base.length === 0 || base.length > MOST_DELTAS) return undefined;
    const [whole, ...deltas] = base.map(({ bytes }) => sizeOf(bytes));
    const changed = deltas.reduce((sum, size) => sum + size, 0);
    return changed > whole! / 2 ? undefined : base;
  }

  /** Of the segments of the confirmed snapshot. */
  get sizeBytes(): number {
    return (this.#base ?? []).reduce((sum, { bytes }) => sum + sizeOf(bytes), 0);
  }

  wrote(checkpointId: number, round: number, segments: Chain): void {
    this.#written.set(checkpointId, { round, segments });
  }

  /** Later snapshots build on that of the checkpoint from now on. Answers its round; undefined when it is none to build on. */
  confirm(checkpointId: number): number | undefined {
    const written = this.#written.get(checkpointId);
    if (written === undefined) return undefined;
    const { round, segments } = written;
    this.#base = segments.map((segment) => ({ ...segment, fresh: false }));
    for (const id of this.#written.keys()) if (id <= checkpointId) this.#written.delete(id);
    return round;
  }

  abort(checkpointId: number): void {
    this.#written.delete(checkpointId);
  }
}
