import { keyGroupOf } from '#core';
import { KeyTable } from '../key-table.js';
import { Bitmap } from './bitmap.js';

/**
 * Slots for keys, the key group of each, and by how many it is used: a slot that nobody uses any more goes to another key, but not before
 * `sweep`.
 */
export class KeyDirectory {
  readonly #table = new KeyTable(true);
  #groups = new Uint16Array(64);
  #uses = new Uint32Array(64);
  readonly #live = new Bitmap();
  /** Slots that came out of use; some may be in use again. */
  #idle: number[] = [];
  #end = 0;

  constructor(private readonly maxParallelism: number) {}

  /** Keys that have a slot. */
  get size(): number {
    return this.#table.size;
  }

  /** All slots are below. */
  get end(): number {
    return this.#end;
  }

  slotOf(key: unknown): number {
    const before = this.#table.size;
    const slot = this.#table.slotOf(key);
    if (this.#table.size > before) this.#note(slot, key);
    return slot;
  }

  /** The slot of the key, or -1. */
  find(key: unknown): number {
    return this.#table.find(key);
  }

  keyAt(slot: number): unknown {
    return this.#table.keyAt(slot);
  }

  keyGroupOf(slot: number): number {
    return this.#groups[slot] ?? 0;
  }

  /** The slot has one user more. */
  retain(slot: number): void {
    this.#uses[slot]!++;
  }

  /** The slot has one user less. */
  release(slot: number): void {
    this.#uses[slot]!--;
    this.offer(slot);
  }

  /** Takes the slot from its key when nobody uses it. */
  offer(slot: number): void {
    if (this.#uses[slot] === 0) this.#idle.push(slot);
  }

  /** Takes slots that nobody uses from their keys. */
  sweep(): void {
    if (this.#idle.length === 0) return;
    for (const slot of this.#idle) {
      if (this.#uses[slot] !== 0 || !this.#live.has(slot)) continue;
      this.#live.delete(slot);
      this.#table.remove(slot);
    }
    this.#idle = [];
  }

  #note(slot: number, key: unknown): void {
    if (slot >= this.#groups.length) {
      const groups = new Uint16Array(slot * 2);
      groups.set(this.#groups);
      this.#groups = groups;
      const uses = new Uint32Array(slot * 2);
      uses.set(this.#uses);
      this.#uses = uses;
    }
    if (slot >= this.#end) this.#end = slot + 1;
    this.#live.add(slot);
    this.#groups[slot] = keyGroupOf(key, this.maxParallelism);
  }
}
