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

/** Deadlines lie within about one gap: by this many buckets they are told apart before they are due. */
const BUCKETS_PER_GAP = 128;

/**
 * The sessions of a key in the order of time: one nearly always. No two overlap or touch. The length is a small whole number mostly, which
 * takes no room of its own and is what changes.
 */
interface Session {
  /** ms since 1970 UTC. */
  start: number;
  /** To the end of the session, that is with the gap; ms. */
  length: number;
  accumulator: unknown;
  next: Session | null;
}

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
  readonly #sessions: NamespaceTable<Session>;
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
    this.#sessions = parts.host.keyed.namespaced<Session>({ name: 'window-contents', kind: 'window', type: Types.generic }).table(0);
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
    const slot = this.#sessions.slotOf(key);
    const first = this.#sessions.get(slot);
    const session = this.#sessionFor(first, start, end, value);
    this.#sessions.set(slot, first !== undefined && first.start <= session.start ? first : session);
    const last = session.start + session.length - 1;
    if (last <= this.#fired) this.#fireAgain(slot, key, session, output);
    else this.#await(slot, last);
  }

  /** Whether a session of the key is still there that would take in a record from start to end. */
  #reaches(key: unknown, start: number, end: number): boolean {
    const slot = this.#sessions.find(key);
    let session = slot < 0 ? null : (this.#sessions.get(slot) ?? null);
    while (session !== null && session.start + session.length < start) session = session.next;
    return session !== null && session.start <= end;
  }

  /** The session that the record is taken into: one that is there, made one with others perhaps, or a new one. */
  #sessionFor(first: Session | undefined, start: number, end: number, value: unknown): Session {
    let before: Session | null = null;
    let session = first ?? null;
    while (session !== null && session.start + session.length < start) {
      before = session;
      session = session.next;
    }
    if (session === null || session.start > end) {
      const made = { start, length: end - start, accumulator: this.#contents.first(value), next: session };
      if (before !== null) before.next = made;
      return made;
    }
    while (session.next !== null && session.next.start <= end) this.#mergeNext(session, session.next);
    const last = Math.max(session.start + session.length, end);
    if (start < session.start) session.start = start;
    session.length = last - session.start;
    session.accumulator = this.#contents.add(session.accumulator, value);
    return session;
  }

  #mergeNext(session: Session, next: Session): void {
    session.length = next.start + next.length - session.start;
    session.accumulator = this.#contents.merge?.(session.accumulator, next.accumulator);
    session.next = next.next;
  }

  /** A late record has come to a session that has fired. */
  #fireAgain(slot: number, key: unknown, session: Session, output: StageOutput): void {
    this.#emit(key, session, true, output);
    const first = this.#sessions.get(slot);
    if (first !== undefined) this.#await(slot, this.#nextDeadline(first));
  }

  #emit(key: unknown, { start, length, accumulator }: Session, kept: boolean, output: StageOutput): void {
    const { contents, emission } = this.#parts;
    const result = contents.result(kept ? contents.copy(accumulator) : accumulator);
    emission.emit(key, new TimeWindow(start, start + length), result, output);
  }

  /** When something is next to be done for a key: a session fires, or is forgotten. */
  #nextDeadline(first: Session): number {
    let next = Infinity;
    for (let session: Session | null = first; session !== null; session = session.next) {
      const last = session.start + session.length - 1;
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
    const first = this.#sessions.get(slot);
    if (first === undefined) return;
    const { latenessMs, emission } = this.#parts;
    const key = this.#sessions.keyAt(slot);
    let kept: Session | null = first;
    for (let session: Session | null = first; session !== null; session = session.next) {
      const last = session.start + session.length - 1;
      const over = last + latenessMs <= this.#fired;
      if (last > since && last <= this.#fired) this.#emit(key, session, !over, output);
      if (!over) continue;
      // what is over is at the front, as all sessions have the same lateness
      emission.clear(key, new TimeWindow(session.start, session.start + session.length), output);
      kept = session.next;
    }
    if (kept === null) {
      this.#sessions.remove(slot);
      return;
    }
    if (kept !== first) this.#sessions.set(slot, kept);
    this.#await(slot, this.#nextDeadline(kept));
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
