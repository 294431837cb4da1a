import type { StateMeta } from '../../checkpoint/handles.js';
import type { TimerTable } from '../keyed-state-backend.js';
import type { SegmentEntry } from '../segment/segment-reader.js';
import type { CurrentKey } from './current-key.js';
import type { KeptState } from './kept-state.js';
import type { KeyDirectory } from './key-directory.js';
import type { Slice, SnapshotPart, SnapshotRound } from './snapshot-part.js';
import { TimeHeap } from './time-heap.js';

const NOTHING = { write(): void {} };

/** Timers of all keys: the slots that want to be called at each time, and the times in a heap. */
export class HeapTimers implements TimerTable, KeptState {
  readonly #slots = new Map<number, Set<number>>();
  /** The times that `#slots` has, of which those whose timers were all deleted have an empty set. */
  #times = new TimeHeap();
  #size = 0;
  #empty = 0;
  /** Each snapshot writes all timers under a serial of its own, so that it replaces those before. */
  #serial = 0;

  constructor(
    private readonly keys: KeyDirectory,
    private readonly current: CurrentKey,
    private readonly index: number,
    private readonly name: string,
  ) {}

  get size(): number {
    return this.#size;
  }

  get nextTime(): number {
    let first = this.#times.first;
    while (this.#slots.get(first)?.size === 0) {
      this.#forgetFirst(first);
      first = this.#times.first;
    }
    return first;
  }

  register(time: number): void {
    this.#add(time, this.current.ensureSlot());
  }

  delete(time: number): void {
    const slots = this.#slots.get(time);
    if (slots?.delete(this.current.slot) !== true) return;
    this.#size--;
    if (slots.size > 0) return;
    this.#empty++;
    if (this.#empty > 64 && this.#empty > this.#times.size / 2) this.#rebuild();
  }

  takeDue(until: number): number | undefined {
    const time = this.nextTime;
    if (time > until) return undefined;
    const slots = this.#slots.get(time);
    if (slots === undefined) return undefined;
    const slot = slots.values().next().value!;
    slots.delete(slot);
    this.#size--;
    if (slots.size === 0) {
      this.#empty++;
      this.#forgetFirst(time);
    }
    this.current.moveTo(slot);
    return time;
  }

  meta(): StateMeta {
    return { name: this.name, kind: 'timers', type: undefined, namespaces: [{ serial: this.#serial + 1, namespace: 0 }] };
  }

  parts(): Iterable<SnapshotPart> {
    this.#serial++;
    return [new TimersSnapshot(this.keys, { state: this.index, serial: this.#serial }, this.#copy())];
  }

  restore({ key, subKey }: SegmentEntry): void {
    this.#add(subKey as number, this.keys.slotOf(key));
  }

  #add(time: number, slot: number): void {
    let slots = this.#slots.get(time);
    if (slots === undefined) {
      slots = new Set();
      this.#slots.set(time, slots);
      this.#times.push(time);
    } else if (slots.size === 0) this.#empty--;
    const before = slots.size;
    slots.add(slot);
    this.#size += slots.size - before;
  }

  #forgetFirst(time: number): void {
    this.#slots.delete(time);
    this.#times.pop();
    this.#empty--;
  }

  /** Leaves the times out whose timers were deleted. */
  #rebuild(): void {
    this.#times = new TimeHeap();
    this.#empty = 0;
    for (const [time, slots] of this.#slots) {
      if (slots.size === 0) this.#slots.delete(time);
      else this.#times.push(time);
    }
  }

  #copy(): Float64Array {
    const pairs = new Float64Array(2 * this.#size);
    let at = 0;
    for (const [time, slots] of this.#slots) {
      for (const slot of slots) {
        pairs[at++] = time;
        pairs[at++] = slot;
      }
    }
    return pairs;
  }
}

/** All timers, as they were when the snapshot began. */
class TimersSnapshot implements SnapshotPart {
  #at = 0;
  #round: SnapshotRound | undefined;

  constructor(
    private readonly keys: KeyDirectory,
    private readonly place: { readonly state: number; readonly serial: number },
    private readonly pairs: Float64Array,
  ) {}

  begin(round: SnapshotRound): void {
    this.#round = round;
  }

  writeSome(slice: Slice): boolean {
    const { keys, place, pairs } = this;
    const writer = this.#round!.writer;
    while (this.#at < pairs.length) {
      const time = pairs[this.#at]!;
      const slot = pairs[this.#at + 1]!;
      this.#at += 2;
      writer.put(place, keys.keyGroupOf(slot), keys.keyAt(slot), time, NOTHING, undefined);
      if (slice.over()) return false;
    }
    return true;
  }

  end(): void {}

  confirm(): void {}

  abort(): void {}
}
