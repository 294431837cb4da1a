import type { StateMeta } from '../../checkpoint/handles.js';
import type { TimerTable } from '../keyed-state-backend.js';
import type { SegmentEntry } from '../segment/segment-reader.js';
import type { CurrentKey } from './current-key.js';
import type { KeptState } from './kept-state.js';
import type { KeyDirectory } from './key-directory.js';
import type { Slice, SnapshotPart, SnapshotRound } from './snapshot-part.js';
import { SlotSet } from './slot-set.js';
import { TimeHeap } from './time-heap.js';

/** The time is all there is to a timer, and it is the key within the key. */
const NO_VALUE = { write: (): void => undefined };

/**
 * Timers of all keys: the slots that want to be called at each time, and the times in a heap. A snapshot holds all of them, under a serial
 * of its own, so that they replace those of the snapshots before. While it is written, timers that go are written first, and those that
 * come are passed over.
 */
export class HeapTimers implements TimerTable, KeptState, SnapshotPart {
  readonly #slots = new Map<number, SlotSet>();
  /** The times that `#slots` has, of which those whose timers were all deleted have an empty set. */
  #times = new TimeHeap();
  #size = 0;
  #empty = 0;
  #serial = 0;
  #round: SnapshotRound | undefined;
  #walk: Iterator<readonly [time: number, slot: number]> | undefined;
  /** Timers that came or went during the round. */
  #touched = new Map<number, Set<number>>();

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
    const { slot } = this.current;
    if (slots?.has(slot) !== true) return;
    slots.delete(slot);
    this.#took(time, slot);
    if (slots.size > 0) return;
    this.#empty++;
    if (this.#empty > 64 && this.#empty > this.#times.size / 2) this.#rebuild();
  }

  takeDue(until: number): number | undefined {
    const time = this.nextTime;
    if (time > until) return undefined;
    const slots = this.#slots.get(time);
    if (slots === undefined) return undefined;
    this.current.leave();
    const slot = slots.take();
    this.#took(time, slot);
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
    return [this];
  }

  begin(round: SnapshotRound): void {
    this.#round = round;
    this.#serial++;
    this.#walk = this.#all();
  }

  writeSome(slice: Slice): boolean {
    const walk = this.#walk;
    if (walk === undefined) return true;
    for (let next = walk.next(); next.done !== true; next = walk.next()) {
      const [time, slot] = next.value;
      if (this.#touched.get(time)?.has(slot) !== true) this.#write(time, slot);
      if (slice.over()) return false;
    }
    this.end();
    return true;
  }

  end(): void {
    this.#round = undefined;
    this.#walk = undefined;
    this.#touched = new Map();
  }

  /** Every snapshot holds all timers: there is nothing to remember. */
  confirm(): void {}

  abort(): void {}

  restore({ key, subKey }: SegmentEntry): void {
    this.#add(subKey as number, this.keys.slotOf(key));
  }

  #add(time: number, slot: number): void {
    let slots = this.#slots.get(time);
    if (slots === undefined) {
      slots = new SlotSet();
      this.#slots.set(time, slots);
      this.#times.push(time);
    } else if (slots.size === 0) this.#empty--;
    if (!slots.add(slot)) return;
    if (this.#round !== undefined) this.#touch(time, slot);
    this.#size++;
    this.keys.retain(slot);
  }

  #took(time: number, slot: number): void {
    if (this.#round !== undefined && this.#touch(time, slot)) this.#write(time, slot);
    this.#size--;
    this.keys.release(slot);
  }

  /** Answers whether the timer is touched for the first time in the round. */
  #touch(time: number, slot: number): boolean {
    const touched = this.#touched.get(time);
    if (touched?.has(slot) === true) return false;
    if (touched === undefined) this.#touched.set(time, new Set([slot]));
    else touched.add(slot);
    return true;
  }

  #write(time: number, slot: number): void {
    const place = { state: this.index, serial: this.#serial };
    this.#round!.writer.put(place, this.keys.keyGroupOf(slot), this.keys.keyAt(slot), time, NO_VALUE, undefined);
  }

  *#all(): Generator<readonly [time: number, slot: number]> {
    for (const [time, slots] of this.#slots) for (const slot of slots.slots()) yield [time, slot];
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
}
