import { NO_TIMESTAMP } from '#core';
import { NoTimestampError, TimeWindow, type KeySpec } from '#api';
import type { EmitCursor, ProcessingOperator, StageOutput } from '../chain/stage.js';
import type { StageTime } from '../chain/stage-time.js';
import type { OperatorHost } from '../operators/operator-host.js';
import type { Contents } from './contents.js';
import { DeadlineQueue } from './deadline-queue.js';
import type { LateRecords } from './late-records.js';
import type { OperatorTime } from './operator-time.js';
import { type Session, SessionTable } from './session-table.js';
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

/** Deadlines lie within about one gap: by this many buckets they are told apart before they are due. */
const BUCKETS_PER_GAP = 128;

/**
 * Sessions that fire by time. A key has one entry in the queue of deadlines, for the first thing that is to be done for it; a record that
 * makes its session longer leaves it where it is.
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
  readonly #sessions: SessionTable;
  readonly #queue: DeadlineQueue;
  /** By slot: the time of its earliest entry in the queue. */
  #queued = new Float64Array(1024).fill(Infinity);
  /** Sessions with their last timestamp up to here have fired. */
  #fired: number;

  constructor(parts: SessionWindowParts) {
    this.#parts = parts;
    this.#select = parts.key.select;
    this.#contents = parts.contents;
    this.#queue = new DeadlineQueue(Math.max(1, Math.floor((parts.gapMs ?? 1000) / BUCKETS_PER_GAP)));
    this.#fired = parts.eventTime ? parts.time.watermark : Number.NEGATIVE_INFINITY;
    this.#sessions = new SessionTable(parts.host.keyed);
    for (const slot of this.#sessions.slots()) this.#await(slot, this.#nextDeadline(this.#sessions.all(slot)));
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
    const slot = this.#sessions.slotOf(key);
    const first = this.#sessions.first(slot);
    const alone = first === undefined || (start <= endOf(first) && end >= first[0] && !this.#sessions.hasMore(slot));
    const session = alone ? this.#takeAlone(slot, first, { start, end, value }) : this.#takeAmong(slot, { start, end, value });
    const last = endOf(session) - 1;
    if (last <= this.#fired) this.#fireAgain(slot, key, session, output);
    else this.#await(slot, last);
  }

  /** Whether a session of the key is still there that would take in a record from start to end. */
  #reaches(key: unknown, start: number, end: number): boolean {
    const slot = this.#sessions.find(key);
    return slot >= 0 && this.#sessions.all(slot).some((session) => endOf(session) >= start && session[0] <= end);
  }

  /** Takes the record into the only session of its key, or into its first. */
  #takeAlone(slot: number, session: Session | undefined, { start, end, value }: Stretch): Session {
    if (session === undefined) session = [start, end - start, this.#contents.first(value)];
    else this.#extend(session, start, end, value);
    this.#sessions.setOnly(slot, session);
    return session;
  }

  /** Takes the record into one of several sessions, made one with others perhaps, or into a new one. */
  #takeAmong(slot: number, { start, end, value }: Stretch): Session {
    const sessions = this.#sessions.all(slot);
    let place = sessions.findIndex((session) => endOf(session) >= start);
    if (place < 0) place = sessions.length;
    let session = sessions[place];
    if (session === undefined || session[0] > end) {
      session = [start, end - start, this.#contents.first(value)];
      sessions.splice(place, 0, session);
    } else {
      for (let next = sessions[place + 1]; next !== undefined && next[0] <= end; next = sessions[place + 1]) {
        session[1] = endOf(next) - session[0];
        session[2] = this.#contents.merge?.(session[2], next[2]);
        sessions.splice(place + 1, 1);
      }
      this.#extend(session, start, end, value);
    }
    this.#sessions.setAll(slot, sessions);
    return session;
  }

  #extend(session: Session, start: number, end: number, value: unknown): void {
    const last = Math.max(endOf(session), end);
    if (start < session[0]) session[0] = start;
    session[1] = last - session[0];
    session[2] = this.#contents.add(session[2], value);
  }

  /** A late record has come to a session that has fired. */
  #fireAgain(slot: number, key: unknown, session: Session, output: StageOutput): void {
    this.#emit(key, session, true, output);
    this.#await(slot, this.#nextDeadline(this.#sessions.all(slot)));
  }

  #emit(key: unknown, [start, length, accumulator]: Session, kept: boolean, output: StageOutput): void {
    const { contents, emission } = this.#parts;
    const result = contents.result(kept ? contents.copy(accumulator) : accumulator);
    emission.emit(key, new TimeWindow(start, start + length), result, output);
  }

  /** When something is next to be done for a key: a session fires, or is forgotten. */
  #nextDeadline(sessions: readonly Session[]): number {
    let next = Infinity;
    for (const session of sessions) {
      const last = endOf(session) - 1;
      next = Math.min(next, last > this.#fired ? last : last + this.#parts.latenessMs);
    }
    return next;
  }

  #await(slot: number, deadline: number): void {
    if (slot >= this.#queued.length) this.#grow(slot);
    if (deadline >= (this.#queued[slot] as number)) return;
    this.#queued[slot] = deadline;
    this.#queue.add(slot, deadline);
  }

  #grow(slot: number): void {
    const before = this.#queued;
    this.#queued = new Float64Array(Math.max(slot + 1, before.length * 2)).fill(Infinity);
    this.#queued.set(before);
  }

  /** Fires sessions whose last timestamp is at most `until`, and forgets those whose lateness is over then. */
  #fire(until: number, output: StageOutput): EmitCursor | undefined {
    const since = this.#fired;
    this.#fired = until;
    if (this.#queue.earliest > until) return undefined;
    const { gate } = this.#parts.host;
    return () => {
      while (!gate.blocked) {
        const slot = this.#queue.take(until);
        if (slot < 0) return true;
        if (this.#queued[slot] !== this.#queue.takenTime) continue;
        this.#queued[slot] = Infinity;
        this.#fireSlot(slot, since, output);
      }
      return false;
    };
  }

  #fireSlot(slot: number, since: number, output: StageOutput): void {
    const first = this.#sessions.first(slot);
    if (first === undefined) return;
    const { latenessMs } = this.#parts;
    if (latenessMs > 0 || this.#sessions.hasMore(slot)) {
      this.#fireSome(slot, since, output);
      return;
    }
    const last = endOf(first) - 1;
    if (last > this.#fired) {
      this.#await(slot, last);
      return;
    }
    const key = this.#sessions.keyAt(slot);
    this.#sessions.remove(slot);
    this.#emit(key, first, false, output);
    this.#clear(key, first, output);
  }

  /** Of several sessions, or with lateness. */
  #fireSome(slot: number, since: number, output: StageOutput): void {
    const sessions = this.#sessions.all(slot);
    const key = this.#sessions.keyAt(slot);
    let over = 0;
    for (const session of sessions) {
      const last = endOf(session) - 1;
      const isOver = last + this.#parts.latenessMs <= this.#fired;
      if (last > since && last <= this.#fired) this.#emit(key, session, !isOver, output);
      if (!isOver) continue;
      // what is over is at the front, as all sessions have the same lateness
      over++;
      this.#clear(key, session, output);
    }
    if (over === sessions.length) {
      this.#sessions.remove(slot);
      return;
    }
    const kept = sessions.slice(over);
    if (over > 0) this.#sessions.setAll(slot, kept);
    this.#await(slot, this.#nextDeadline(kept));
  }

  #clear(key: unknown, session: Session, output: StageOutput): void {
    this.#parts.emission.clear(key, new TimeWindow(session[0], endOf(session)), output);
  }

  #stageTime(eventTime: boolean): StageTime {
    // a session of processing time is over when its last ms is
    const nextMs = (): number => (eventTime ? Infinity : this.#queue.earliest + 1);
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

/** A record, and the time that it keeps a session open. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
}

function endOf([start, length]: Session): number {
  return start + length;
}
