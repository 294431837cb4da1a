import type { NamespaceTable } from '../state/keyed-state-backend.js';
import { endOf, LENGTH, type Session, START } from './session.js';

/** Sessions by slot. Where they lie as rows of numbers, parts of them are read and changed without making the whole. */
export class SessionTable {
  constructor(readonly table: NamespaceTable<Session>) {}

  /** -Infinity where there is none. */
  endAt(slot: number): number {
    const { parts } = this.table;
    if (parts !== undefined) return parts.has(slot) ? parts.number(slot, START) + parts.number(slot, LENGTH) : -Infinity;
    const session = this.table.get(slot);
    return session === undefined ? -Infinity : endOf(session);
  }

  /** Of a slot that has a session. */
  startAt(slot: number): number {
    const { parts } = this.table;
    return parts === undefined ? this.table.get(slot)![START] : parts.number(slot, START);
  }

  /** Of a slot that has a session. */
  accumulatorAt(slot: number): unknown {
    const { parts } = this.table;
    return parts === undefined ? this.table.get(slot)![2] : parts.last(slot);
  }

  /** The session of the slot, which begins at that time, has another length and accumulator. */
  change(slot: number, start: number, length: number, accumulator: unknown): void {
    const { parts } = this.table;
    if (parts?.change(slot, LENGTH, length, accumulator) !== true) this.table.set(slot, [start, length, accumulator]);
  }

  /** Answers the slot that the session has got; -1, and does nothing, when the key has one. */
  putIfAbsent(key: unknown, session: Session): number {
    const slot = this.table.slotOf(key);
    if (this.endAt(slot) !== -Infinity) return -1;
    this.table.set(slot, session);
    return slot;
  }
}
