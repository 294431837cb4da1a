import { invariant } from '#core';
import { TimeWindow } from '#api';
import type { EmitCursor } from '../chain/stage.js';
import type { NamespacedState } from '../state/keyed-state-backend.js';
import { KeyDeadlines } from './key-deadlines.js';
import { endOf, type Session } from './session.js';
import { SessionTable } from './session-table.js';

/** Sessions that end in the same stretch of time, one a key. */
interface Stretch {
  /** All sessions end before, ms. The gap, and with it the length of stretches, may have been another before a restore. */
  readonly end: number;
  /** Among those with that end: more than one where a key has several sessions that end there. */
  readonly place: number;
  readonly sessions: SessionTable;
  /** Of those that have not fired: their last timestamps. */
  readonly deadlines: KeyDeadlines;
}

/** What is to be done with sessions that are due. */
export interface SessionFiring {
  readonly gate: { readonly blocked: boolean };
  emit(key: unknown, window: TimeWindow, accumulator: unknown): void;
}

export interface ClosedSessionsSpec {
  /** Where all records have the same. */
  readonly gapMs: number | undefined;
  readonly latenessMs: number;
  /** Sessions with their last timestamp up to here have fired before. */
  readonly fired: number;
  /** Of the tables. */
  readonly slotsStay: boolean;
}

/**
 * The sessions that a later one of their key follows: it takes a record out of order to change one of them. They lie in tables by the
 * stretch of time that they end in, which are dropped as a whole when all in them is over.
 */
export class ClosedSessions {
  /** By their ends, the earliest first. */
  readonly #stretches: Stretch[] = [];
  /** Of a stretch. */
  readonly #widthMs: number;
  readonly #latenessMs: number;
  readonly #slotsStay: boolean;
  /** Sessions with their last timestamp up to here have fired. */
  #fired: number;

  constructor(
    private readonly state: NamespacedState<Session>,
    { gapMs, latenessMs, fired, slotsStay }: ClosedSessionsSpec,
  ) {
    this.#widthMs = Math.max(1, Math.floor(gapMs ?? 1000));
    this.#latenessMs = latenessMs;
    this.#fired = fired;
    this.#slotsStay = slotsStay;
    for (const namespace of state.namespaces()) {
      invariant(typeof namespace !== 'number', 'a stretch of closed sessions is named by its end and place');
      const { sessions, deadlines } = this.#open(...namespace);
      for (const cursor = sessions.table.cursor(); cursor.next();) this.#await(deadlines, cursor.slot, endOf(cursor.value) - 1);
    }
  }

  /** The last timestamp of the first session that has not fired, or an earlier one; Infinity when there is none. */
  get due(): number {
    let due = Infinity;
    for (const { deadlines } of this.#stretches) due = Math.min(due, deadlines.earliest);
    return due;
  }

  add(key: unknown, session: Session): void {
    const end = endOf(session);
    this.#put(key, session, (Math.floor(end / this.#widthMs) + 1) * this.#widthMs);
  }

  /** Whether a session of the key that is not over would take in a record from start to end. */
  touches(key: unknown, start: number, end: number): boolean {
    return this.#touched(key, start, end, false).length > 0;
  }

  /** Takes out the sessions of the key that would take in a record from start to end, in the order of time. */
  take(key: unknown, start: number, end: number): Session[] {
    return this.#touched(key, start, end, true);
  }

  #touched(key: unknown, start: number, end: number, taken: boolean): Session[] {
    const touched: Session[] = [];
    for (let at = this.#stretches.length - 1; at >= 0; at--) {
      const stretch = this.#stretches[at]!;
      if (stretch.end < start) break;
      const { table } = stretch.sessions;
      const slot = table.find(key);
      const session = slot < 0 ? undefined : table.get(slot);
      if (session === undefined || session[0] > end) continue;
      const last = endOf(session) - 1;
      if (last + 1 < start || last + this.#latenessMs <= this.#fired) continue;
      if (taken) table.remove(slot);
      touched.push(session);
    }
    return touched.length > 1 ? touched.sort((left, right) => left[0] - right[0]) : touched;
  }

  /** Fires the sessions whose last timestamp is at most `until`, and forgets those whose lateness is over then. */
  fire(until: number, firing: SessionFiring): EmitCursor {
    const since = this.#fired;
    this.#fired = until;
    const due = this.#stretches.filter(({ deadlines }) => deadlines.earliest <= until);
    return () => {
      for (let stretch = due[0]; stretch !== undefined; stretch = due[0]) {
        if (!this.#fireStretch(stretch, since, firing)) return false;
        due.shift();
      }
      this.#dropOver(until);
      return true;
    };
  }

  /** Fires what is due of a stretch; answers whether that was all. What has fired stays until all of it is over, and is dropped with it. */
  #fireStretch({ sessions, deadlines }: Stretch, since: number, { gate, emit }: SessionFiring): boolean {
    while (!gate.blocked) {
      const slot = deadlines.take(this.#fired);
      if (slot < 0) return true;
      const end = sessions.endAt(slot);
      // another may have come to its place
      if (end - 1 > this.#fired) deadlines.add(slot, end - 1);
      else if (end - 1 > since) emit(sessions.table.keyAt(slot), new TimeWindow(sessions.startAt(slot), end), sessions.accumulatorAt(slot));
    }
    return false;
  }

  #dropOver(until: number): void {
    let count = 0;
    for (const stretch of this.#stretches) {
      if (stretch.end - 1 + this.#latenessMs > until) break;
      this.state.drop([stretch.end, stretch.place]);
      count++;
    }
    this.#stretches.splice(0, count);
  }

  /** Puts the session into the first stretch with that end that has none of the key. */
  #put(key: unknown, session: Session, end: number): void {
    let place = 0;
    for (const stretch of this.#stretches) {
      if (stretch.end !== end) continue;
      if (this.#putInto(stretch, key, session)) return;
      place = stretch.place + 1;
    }
    this.#putInto(this.#open(end, place), key, session);
  }

  #putInto({ sessions, deadlines }: Stretch, key: unknown, session: Session): boolean {
    const slot = sessions.putIfAbsent(key, session);
    if (slot >= 0) this.#await(deadlines, slot, endOf(session) - 1);
    return slot >= 0;
  }

  /** The session in the slot fires at its last timestamp, if it has not fired. */
  #await(deadlines: KeyDeadlines, slot: number, last: number): void {
    if (last > this.#fired) deadlines.add(slot, last);
  }

  #open(end: number, place: number): Stretch {
    const table = this.state.table([end, place]);
    const stretch = { end, place, sessions: new SessionTable(table), deadlines: new KeyDeadlines(table, this.#slotsStay) };
    let at = this.#stretches.length;
    while (at > 0 && isAfter(this.#stretches[at - 1]!, stretch)) at--;
    this.#stretches.splice(at, 0, stretch);
    return stretch;
  }
}

function isAfter(left: Stretch, right: Stretch): boolean {
  return left.end > right.end || (left.end === right.end && left.place > right.place);
}
