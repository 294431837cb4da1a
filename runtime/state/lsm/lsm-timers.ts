import { type KeyGroupRange, keyIdentity } from '#core';
import { detached } from '../detach.js';
import { TimeHeap } from '../heap/time-heap.js';
import type { TimerTable } from '../keyed-state-backend.js';
import type { CurrentKey } from './current-key.js';
import { endOfKey, PREFIX_BYTES, readKey } from './entry-keys.js';
import type { LsmState } from './lsm-state.js';
import type { ColumnContext } from './state-table.js';

const NOTHING = Buffer.alloc(0);

/**
 * Timers of all keys: in memory in the order of their times, and each as an entry of the store, so that snapshots have them without
 * copying.
 */
export class LsmTimers implements TimerTable {
  /** Keys by identity, for each time; none are empty. */
  readonly #keys = new Map<number, Map<unknown, unknown>>();
  /** Times of `#keys`, and some whose timers were all deleted. */
  #times = new TimeHeap();
  #size = 0;

  constructor(
    private readonly context: ColumnContext,
    private readonly current: CurrentKey,
    private readonly state: LsmState,
  ) {}

  get size(): number {
    return this.#size;
  }

  get nextTime(): number {
    while (this.#times.size > 0 && !this.#keys.has(this.#times.first)) this.#times.pop();
    return this.#times.first;
  }

  register(time: number): void {
    if (!this.#add(time, this.current.key)) return;
    const at = this.#at(this.current.key, time);
    this.context.store.put(at, 0, at.length, NOTHING, 0, 0);
  }

  delete(time: number): void {
    const keys = this.#keys.get(time);
    if (keys?.delete(keyIdentity(this.current.key)) === true) this.#removed(this.current.key, time, keys);
  }

  takeDue(until: number): number | undefined {
    const time = this.nextTime;
    const keys = time > until ? undefined : this.#keys.get(time);
    if (keys === undefined) return undefined;
    const [identity, key] = keys.entries().next().value!;
    keys.delete(identity);
    this.#removed(key, time, keys);
    this.current.set(key);
    return time;
  }

  /** Takes the timers in the store. */
  restore({ first, last }: KeyGroupRange): void {
    for (let keyGroup = first; keyGroup <= last; keyGroup++) {
      const prefix = Buffer.from(this.context.key.beginGroup(keyGroup, this.state.id, 0).written());
      for (const cursor = this.context.store.scan(prefix); cursor.next();) {
        const { bytes, keyStart } = cursor.entry;
        const timeAt = endOfKey(bytes, keyStart + PREFIX_BYTES);
        this.#add(readKey(bytes, timeAt) as number, readKey(bytes, keyStart + PREFIX_BYTES));
      }
    }
  }

  #add(time: number, key: unknown): boolean {
    let keys = this.#keys.get(time);
    if (keys === undefined) {
      keys = new Map();
      this.#keys.set(time, keys);
      this.#times.push(time);
      if (this.#times.size > 2 * this.#keys.size + 64) this.#rebuild();
    }
    const identity = keyIdentity(key);
    if (keys.has(identity)) return false;
    keys.set(detached(identity), detached(key));
    this.#size++;
    return true;
  }

  /** Leaves out the times that have no timers any more. */
  #rebuild(): void {
    this.#times = new TimeHeap();
    for (const time of this.#keys.keys()) this.#times.push(time);
  }

  #removed(key: unknown, time: number, keys: ReadonlyMap<unknown, unknown>): void {
    this.#size--;
    if (keys.size === 0) this.#keys.delete(time);
    this.context.store.delete(this.#at(key, time));
  }

  #at(key: unknown, time: number): Buffer {
    return this.context.key.begin(key, this.state.id, 0).append(time).written();
  }
}
