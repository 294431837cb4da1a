import type { SegmentHandle } from './handles.js';

interface Known {
  readonly handle: SegmentHandle;
  /** Complete checkpoints that need it. */
  references: number;
  /** Checkpoints under way when the last reference went: they may still refer to it. */
  awaited: ReadonlySet<number>;
  /** Whether the file may be deleted when nobody needs it. */
  readonly owned: boolean;
}

/**
 * Which segments complete checkpoints need. A segment that loses its last reference is given up when no checkpoint is under way any more
 * that began before: such a one may have been taken on the ground of a checkpoint that had it.
 */
export class SegmentReferences {
  readonly #known = new Map<string, Known>();

  /** @param discard called with each owned segment that nobody needs any more. */
  constructor(private readonly discard: (segment: SegmentHandle) => void) {}

  has(id: string): boolean {
    return this.#known.has(id);
  }

  /** A complete checkpoint needs these, each once. */
  add(segments: readonly SegmentHandle[], owned: boolean): void {
    for (const handle of byId(segments)) {
      const known = this.#known.get(handle.id);
      if (known) known.references++;
      else this.#known.set(handle.id, { handle, references: 1, awaited: new Set(), owned });
    }
  }

  /** The checkpoint does not need them any more. @param underWay checkpoints that have not been settled. */
  release(segments: readonly SegmentHandle[], underWay: Iterable<number>): void {
    for (const { id } of byId(segments)) {
      const known = this.#known.get(id);
      if (!known || --known.references > 0) continue;
      known.awaited = new Set(underWay);
      this.#giveUpUnneeded(id, known);
    }
  }

  /** The checkpoint is complete, its segments are added, or it will never be. */
  settled(checkpointId: number): void {
    for (const [id, known] of this.#known) {
      if (known.references > 0 || !known.awaited.has(checkpointId)) continue;
      known.awaited = new Set([...known.awaited].filter((other) => other !== checkpointId));
      this.#giveUpUnneeded(id, known);
    }
  }

  #giveUpUnneeded(id: string, known: Known): void {
    if (known.references > 0 || known.awaited.size > 0) return;
    this.#known.delete(id);
    if (known.owned) this.discard(known.handle);
  }
}

/** After a change of parallelism several subtasks may refer to the same segment. */
function byId(segments: readonly SegmentHandle[]): Iterable<SegmentHandle> {
  return new Map(segments.map((segment) => [segment.id, segment])).values();
}
