import { NO_TIMESTAMP, Types } from '#core';
import { NoTimestampError, TimeWindow, type KeySpec } from '#api';
import type { EmitCursor, ProcessingOperator, StageOutput } from '../chain/stage.js';
import type { StageTime } from '../chain/stage-time.js';
import { KeyBatch } from '../operators/key-batch.js';
import type { OperatorHost } from '../operators/operator-host.js';
import type { NamespacedState } from '../state/keyed-state-backend.js';
import { ClosedSessions } from './closed-sessions.js';
import type { Contents } from './contents.js';
import { KeyDeadlines } from './key-deadlines.js';
import type { LateRecords } from './late-records.js';
import type { OperatorTime } from './operator-time.js';
import { endOf, type Session } from './session.js';
import { SessionTable } from './session-table.js';
import type { WindowEmission } from './window-emission.js';

export interface SessionWindowParts {
  readonly host: OperatorHost;
  readonly key: KeySpec;
  /** ms after a record during which its session stays open. */
  readonly gapOf: (value: unknown) => number;
  /** Where all records have the same. */
  readonly gapMs: number | undefined;
  readonly eventTime: boolean;
  /** ms; 0 in processing time. */
  readonly latenessMs: number;
  readonly contents: Contents;
  readonly time: OperatorTime;
  readonly emission: WindowEmission;
  readonly late: LateRecords;
}

/**
 * Sessions that fire by time. The latest of each key, which nearly all records come to, is in a table. It has one deadline, for the first
 * thing that is to be done; a record that makes the session longer leaves that where it is.
 *
 * In:    keyed records.
 * Out:   the result of each session when time passes its end; again when a late record has come to it, or has made it longer.
 * State: the sessions of each key. One is forgotten when its lateness is over. Deadlines follow from it and are in no snapshot.
 */
export class SessionWindows implements ProcessingOperator {
  readonly time: StageTime;
  readonly #parts: SessionWindowParts;
  readonly #select: KeySpec['select'];
  readonly #contents: Contents;
  readonly #batch: KeyBatch;
  readonly #latest: SessionTable;
  /** Those before the latest. */
  readonly #closed: ClosedSessions;
  /** Of the latest. */
  readonly #deadlines: KeyDeadlines;
  /** Sessions with their last timestamp up to here have fired. */
  #fired: number;

  constructor(parts: SessionWindowParts) {
    this.#parts = parts;
    this.#select = parts.key.select;
    this.#batch = new KeyBatch(parts.key);
    this.#contents = parts.contents;
    this.#fired = parts.eventTime ? parts.time.watermark : Number.NEGATIVE_INFINITY;
    const { keyed } = parts.host;
    const state = (name: string): NamespacedState<Session> => keyed.namespaced<Session>({ name, kind: 'window', type: Types.generic });
    this.#latest = new SessionTable(state('window-contents').table(0));
    const { slotsStay } = keyed;
    const { gapMs, latenessMs } = parts;
    this.#closed = new ClosedSessions(state('closed-sessions'), { gapMs, latenessMs, fired: this.#fired, slotsStay });
    this.#deadlines = new KeyDeadlines(this.#latest.table, slotsStay);
    for (const cursor = this.#latest.table.cursor(); cursor.next();) this.#deadlines.add(cursor.slot, this.#nextDeadline(cursor.value));
    this.time = this.#stageTime(parts.eventTime);
  }

  process(value: unknown, timestamp: number, output: StageOutput): void {
    const { eventTime, time, latenessMs, late } = this.#parts;
    const start = eventTime ? timestamp : time.processingTimeMs;
    if (start === NO_TIMESTAMP) throw new NoTimestampError();
    const end = start + this.#parts.gapOf(value);
    const key = this.#select(value);
    if (end - 1 + latenessMs <= this.#fired && !this.#reaches(key, start, end)) {
      if (start + latenessMs <= this.#fired) late.take(value, timestamp, output);
      return;
    }
    const slot = this.#latest.table.slotOf(key);
    if (this.#goesOn(slot, start, end, value)) return;
    const latest = this.#latest.table.get(slot);
    const record = { key, start, end, value };
    const isLatest = latest === undefined || start >= latest[0];
    const session = isLatest ? this.#takeLatest(slot, latest, record) : this.#takeEarlier(slot, latest, record);
    if (endOf(session) - 1 <= this.#fired) this.#emit(key, new TimeWindow(session[0], endOf(session)), session[2], true, output);
  }

  prefetch(records: readonly unknown[], count: number): boolean {
    if (this.#latest.table.prefetch === undefined || !this.#batch.take(records, count)) return false;
    const slots = this.#latest.table.prefetch(this.#batch.keys, count);
    if (this.#mayComeEarlier) this.#deadlines.prefetch(slots, count);
    return true;
  }

  /** Whether a session of the key is still there that would take in a record from start to end. */
  #reaches(key: unknown, start: number, end: number): boolean {
    const slot = this.#latest.table.find(key);
    const latest = slot < 0 ? undefined : this.#latest.table.get(slot);
    if (latest === undefined) return false;
    return (endOf(latest) >= start && latest[0] <= end) || this.#closed.touches(key, start, end);
  }

  /** What most records do: the latest session of the key goes on with it. Answers false, and does nothing, where more is to be done. */
  #goesOn(slot: number, start: number, end: number, value: unknown): boolean {
    const sessions = this.#latest;
    const before = sessions.endAt(slot);
    if (start > before || end - 1 <= this.#fired) return false;
    const begin = sessions.startAt(slot);
    if (start < begin) return false;
    const length = Math.max(before, end) - begin;
    sessions.change(slot, begin, length, this.#contents.add(sessions.accumulatorAt(slot), value));
    if (this.#mayComeEarlier) this.#deadlines.add(slot, begin + length - 1);
    return true;
  }

  /** The record does not begin before the latest session of its key: it is taken into that, or into a new one. */
  #takeLatest(slot: number, latest: Session | undefined, record: KeyedRecord): Session {
    const { key, start, end } = record;
    let session = latest;
    if (session !== undefined && start <= endOf(session)) this.#extend(session, record);
    else {
      if (session !== undefined) this.#closed.add(key, session);
      session = [start, end - start, this.#contents.first(record.value)];
    }
    this.#setLatest(slot, session, latest === undefined);
    return session;
  }

  /** The record begins before the latest session of its key: it may belong to any, bring some together, or make a new one. */
  #takeEarlier(slot: number, latest: Session, record: KeyedRecord): Session {
    const { key, start, end } = record;
    const others = this.#closed.take(key, start, end);
    const reachesLatest = latest[0] <= end;
    if (reachesLatest) others.push(latest);
    const first = others.shift();
    const session: Session = first ?? [start, end - start, this.#contents.first(record.value)];
    for (const other of others) {
      session[1] = endOf(other) - session[0];
      session[2] = this.#contents.merge?.(session[2], other[2]);
    }
    if (first !== undefined) this.#extend(session, record);
    if (reachesLatest) this.#setLatest(slot, session, false);
    else this.#closed.add(key, session);
    return session;
  }

  #setLatest(slot: number, session: Session, isFirst: boolean): void {
    this.#latest.table.set(slot, session);
    if (isFirst || this.#mayComeEarlier) this.#deadlines.add(slot, this.#nextDeadline(session));
  }

  #extend(session: Session, { start, end, value }: KeyedRecord): void {
    const last = Math.max(endOf(session), end);
    if (start < session[0]) session[0] = start;
    session[1] = last - session[0];
    session[2] = this.#contents.add(session[2], value);
  }

  /** @param kept whether the accumulator is used further. */
  #emit(key: unknown, window: TimeWindow, accumulator: unknown, kept: boolean, output: StageOutput): void {
    const { contents, emission } = this.#parts;
    emission.emit(key, window, contents.result(kept ? contents.copy(accumulator) : accumulator), output);
  }

  /** Whether a session may be due before its deadline: one that has fired, and was made longer. */
  get #mayComeEarlier(): boolean {
    return this.#parts.latenessMs > 0;
  }

  /** When something is next to be done for a session: it fires, or is forgotten. */
  #nextDeadline(session: Session): number {
    const last = endOf(session) - 1;
    return last > this.#fired ? last : last + this.#parts.latenessMs;
  }

  /** Fires sessions whose last timestamp is at most `until`, and forgets those whose lateness is over then. */
  #fire(until: number, output: StageOutput): EmitCursor | undefined {
    const since = this.#fired;
    this.#fired = until;
    const { gate } = this.#parts.host;
    const kept = this.#parts.latenessMs > 0;
    const isDue = this.#closed.due <= until || this.#deadlines.earliest <= until;
    const fireClosed = this.#closed.fire(until, {
      gate,
      emit: (key, window, accumulator) => {
        this.#emit(key, window, accumulator, kept, output);
      },
    });
    if (!isDue) {
      fireClosed();
      return undefined;
    }
    return () => {
      if (!fireClosed()) return false;
      while (!gate.blocked) {
        const slot = this.#deadlines.take(until);
        if (slot < 0) return true;
        this.#fireSlot(slot, since, output);
      }
      return false;
    };
  }

  #fireSlot(slot: number, since: number, output: StageOutput): void {
    const end = this.#latest.endAt(slot);
    if (end === -Infinity) return;
    const overAt = end - 1 + this.#parts.latenessMs;
    const isOver = overAt <= this.#fired;
    if (!isOver) this.#deadlines.add(slot, end - 1 > this.#fired ? end - 1 : overAt);
    if (end - 1 <= since || end - 1 > this.#fired) {
      if (isOver) this.#latest.table.remove(slot);
      return;
    }
    const window = new TimeWindow(this.#latest.startAt(slot), end);
    const accumulator = this.#latest.accumulatorAt(slot);
    const key = this.#latest.table.keyAt(slot);
    if (isOver) this.#latest.table.remove(slot);
    this.#emit(key, window, accumulator, !isOver, output);
  }

  #stageTime(eventTime: boolean): StageTime {
    // a session of processing time is over when its last ms is
    const nextMs = (): number => (eventTime ? Infinity : Math.min(this.#deadlines.earliest, this.#closed.due) + 1);
    return {
      passesWatermarks: true,
      get nextProcessingTimeMs() {
        return nextMs();
      },
      advance: (watermark, output) => {
        this.#parts.time.advance(watermark);
        return eventTime ? this.#fire(watermark, output) : undefined;
      },
      onProcessingTime: (nowMs, output) => (eventTime ? undefined : this.#fire(nowMs - 1, output)),
    };
  }
}

/** A record, and the time for which it keeps a session open. */
interface KeyedRecord {
  readonly key: unknown;
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
}
