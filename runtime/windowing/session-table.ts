import type { NamespaceTable } from '../state/keyed-state-backend.js';
import { endOf, LENGTH, type Session, START } from './session.js';

/** Sessions by slot. Where they lie as rows of numbers, parts of them are had without making the whole. */
export class SessionTable {
  constructor(readonly table: NamespaceTable<Session>) {}

  /** Undefined where there is none. */
  endAt(slot: number): number | undefined {
    const { parts } = this.table;
    if (parts !== undefined) return parts.has(slot) ? parts.number(slot, START) + parts.number(slot, LENGTH) : undefined;
    const session = this.table.get(slot);
    return session && endOf(session);
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

  /** Answers false, and does nothing, when the slot has a session. */
  putIfAbsent(key: unknown, session: Session): boolean {
    const slot = this.table.slotOf(key);
    if (this.endAt(slot) !== undefined) return false;
    this.table.set(slot, session);
    return true;
  }
}
