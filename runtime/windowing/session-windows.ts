import { NO_TIMESTAMP, Types } from '#core';
import { NoTimestampError, TimeWindow, type KeySpec } from '#api';
import type { EmitCursor, ProcessingOperator, StageOutput } from '../chain/stage.js';
import type { StageTime } from '../chain/stage-time.js';
import type { OperatorHost } from '../operators/operator-host.js';
import type { NamespaceTable } from '../state/keyed-state-backend.js';
import type { Contents } from './contents.js';
import { DeadlineQueue } from './deadline-queue.js';
import type { LateRecords } from './late-records.js';
import type { OperatorTime } from './operator-time.js';
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

/** The sessions of a key in the order of time, three elements each: start, end, accumulator. No two overlap or touch. */
type Sessions = unknown[];

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
  readonly #sessions: NamespaceTable<Sessions>;
  readonly #queue: DeadlineQueue;
  /** By slot: the time of its earliest entry in the queue. */
  #queued = new Float64Array(1024).fill(Infinity);
  /** Sessions with their last timestamp up to here have fired. */
  #fired: number;

  constructor(parts: SessionWindowParts) {
    this.#parts = parts;
    this.#select = parts.key.select;
    this.#contents = parts.contents;
    this.#queue = new DeadlineQueue(Math.max(1, Math.floor((parts.gapMs ?? 1000) / 1024)));
    this.#fired = parts.eventTime ? parts.time.watermark : Number.NEGATIVE_INFINITY;
    this.#sessions = parts.host.keyed.namespaced<Sessions>({ name: 'window-contents', kind: 'window', type: Types.generic }).table(0);
    for (const cursor = this.#sessions.cursor(); cursor.next();) this.#await(cursor.slot, this.#nextDeadline(cursor.value));
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
    const sessions = this.#sessions;
    const slot = sessions.slotOf(key);
    const before = sessions.get(slot);
    let at = 0;
    if (before === undefined) sessions.set(slot, [start, end, this.#contents.first(value)]);
    else {
      at = this.#addTo(before, start, end, value);
      sessions.set(slot, before);
    }
    const newEnd = before === undefined ? end : (before[at + 1] as number);
    if (newEnd - 1 <= this.#fired) this.#fireAgain(slot, key, at, output);
    else this.#await(slot, newEnd - 1);
  }

  /** Whether a session of the key is still there that would take in a record from start to end. */
  #reaches(key: unknown, start: number, end: number): boolean {
    const slot = this.#sessions.find(key);
    const sessions = slot < 0 ? undefined : this.#sessions.get(slot);
    if (sessions === undefined) return false;
    for (let at = 0; at < sessions.length; at += 3) {
      if (start <= (sessions[at + 1] as number) && end >= (sessions[at] as number)) return true;
    }
    return false;
  }

  /** Takes a record into the session it belongs to, a new one, or one made of several; answers where that is. */
  #addTo(sessions: Sessions, start: number, end: number, value: unknown): number {
    let at = 0;
    while (at < sessions.length && (sessions[at + 1] as number) < start) at += 3;
    if (at === sessions.length || (sessions[at] as number) > end) {
      sessions.splice(at, 0, start, end, this.#contents.first(value));
      return at;
    }
    while (at + 3 < sessions.length && (sessions[at + 3] as number) <= end) this.#mergeNext(sessions, at);
    if (start < (sessions[at] as number)) sessions[at] = start;
    if (end > (sessions[at + 1] as number)) sessions[at + 1] = end;
    sessions[at + 2] = this.#contents.add(sessions[at + 2], value);
    return at;
  }

  #mergeNext(sessions: Sessions, at: number): void {
    sessions[at + 1] = sessions[at + 4];
    sessions[at + 2] = this.#contents.merge?.(sessions[at + 2], sessions[at + 5]);
    sessions.splice(at + 3, 3);
  }

  /** A late record has come to a session that has fired. */
  #fireAgain(slot: number, key: unknown, at: number, output: StageOutput): void {
    const sessions = this.#sessions.get(slot);
    if (sessions === undefined) return;
    this.#emit(key, sessions, at, true, output);
    this.#await(slot, this.#nextDeadline(sessions));
  }

  #emit(key: unknown, sessions: Sessions, at: number, kept: boolean, output: StageOutput): void {
    const { contents, emission } = this.#parts;
    const accumulator = kept ? contents.copy(sessions[at + 2]) : sessions[at + 2];
    emission.emit(key, new TimeWindow(sessions[at] as number, sessions[at + 1] as number), contents.result(accumulator), output);
  }

  /** When something is next to be done for a key: a session fires, or is forgotten. */
  #nextDeadline(sessions: Sessions): number {
    let next = Infinity;
    for (let at = 0; at < sessions.length; at += 3) {
      const last = (sessions[at + 1] as number) - 1;
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
    const sessions = this.#sessions.get(slot);
    if (sessions === undefined) return;
    const { latenessMs, emission } = this.#parts;
    const key = this.#sessions.keyAt(slot);
    let changed = false;
    for (let at = 0; at < sessions.length;) {
      const last = (sessions[at + 1] as number) - 1;
      const over = last + latenessMs <= this.#fired;
      if (last > since && last <= this.#fired) this.#emit(key, sessions, at, !over, output);
      if (over) {
        emission.clear(key, new TimeWindow(sessions[at] as number, sessions[at + 1] as number), output);
        sessions.splice(at, 3);
        changed = true;
      } else at += 3;
    }
    if (sessions.length === 0) {
      this.#sessions.remove(slot);
      return;
    }
    if (changed) this.#sessions.set(slot, sessions);
    this.#await(slot, this.#nextDeadline(sessions));
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
