import { type Clock, NO_TIMESTAMP } from '#core';

/** Channels that are looked at before a segment is taken; more, while none has any. */
const MOST_COMPARED = 32;
/** One segment of so many is taken in turn, whatever its time is: a channel that is far behind does not hold up the others for good. */
const FAIR_TURN = 8;
/** How far a channel may be ahead of another without being held, ms of event time. */
const MOST_AHEAD_MS = 100;
/** A gate is held for so long at most, … */
const MOST_HELD_MS = 50;
/** … then reads on for so long at least. */
const FREE_MS = 10;
/** A channel that had nothing all the time is not waited for any more for so long. */
const DISTRUST_MS = 1000;
/** Event time by clock time. In a live stream it is about 1: there, nothing is ever held. */
const LEAST_PACE = 2;
const SAMPLE_MS = 50;
/** What is left of a pace after a slower sample: a channel may have been put off for a moment. */
const PACE_DECAY = 0.75;

/** What is to be known of a channel. */
export interface OrderedChannel {
  /** The timestamp of the record that is next; `NO_TIMESTAMP` when it has none or something else is next; undefined: nothing is ready. */
  readonly headTimestamp: number | undefined;
  /** How far it is in event time, by the records and watermarks taken. */
  readonly reached: number;
  /** The same, while more is to come; else Infinity. */
  readonly awaited: number;
}

/** A channel, and how fast event time passes in it. */
class TimedChannel<C extends OrderedChannel> {
  /** ms of event time in a ms; 0 while that is not known. */
  pace = 0;
  takenMs = 0;
  trustedFromMs = 0;
  #sampledMs = 0;
  #sampledTime = NO_TIMESTAMP;

  constructor(readonly channel: C) {}

  /** A segment was taken. */
  taken(nowMs: number): void {
    this.takenMs = nowMs;
    if (nowMs - this.#sampledMs < SAMPLE_MS) return;
    const { reached } = this.channel;
    if (this.#sampledTime !== NO_TIMESTAMP) {
      this.pace = Math.max((reached - this.#sampledTime) / (nowMs - this.#sampledMs), this.pace * PACE_DECAY);
    }
    this.#sampledMs = nowMs;
    this.#sampledTime = reached;
  }
}

/**
 * Keeps the channels of a subtask together in event time: of those that have a segment, the one that is earliest is read. While history is
 * read, one that is ahead of others which have nothing ready is held for a moment.
 *
 * Producers that run side by side drift apart by themselves: the one that is ahead keeps the consumers busy, which share threads with the
 * other producers. Without a rate that holds them together, two sources of the same machine were half of their history apart in the end,
 * and all windows between them were open.
 */
export class TimeOrder {
  readonly #gates: GateOrder<OrderedChannel>[] = [];
  #channels = 0;

  /** @param clock without it nothing is ever held: who reads need not look again when nothing comes. */
  constructor(readonly clock?: Clock) {}

  /** The order of one gate's channels. */
  gate<C extends OrderedChannel>(channels: readonly C[]): GateOrder<C> {
    const gate = new GateOrder(this, channels);
    this.#gates.push(gate);
    this.#channels += channels.length;
    return gate;
  }

  /** There is one channel, which nothing is to be kept together with. */
  get isAlone(): boolean {
    return this.#channels === 1;
  }

  /** When a channel is read at the latest that is held now, on the clock's `monotonicMs`; Infinity when none is. */
  get heldUntilMs(): number {
    let until = Infinity;
    for (const gate of this.#gates) until = Math.min(until, gate.heldUntilMs);
    return until;
  }

  /** Which of the other gates is behind all others. */
  behind(asking: GateOrder<OrderedChannel>): GateOrder<OrderedChannel> | undefined {
    let behind: GateOrder<OrderedChannel> | undefined;
    for (const gate of this.#gates) if (gate !== asking && gate.least < (behind?.least ?? Infinity)) behind = gate;
    return behind;
  }
}

/** In which order the channels of one gate are read. */
export class GateOrder<C extends OrderedChannel> {
  heldUntilMs = Infinity;
  /** The event time of its channel that is behind the others; Infinity when none is waited for. */
  least = Infinity;
  /** The channel whose time that is. */
  behind: TimedChannel<C> | undefined;
  readonly #channels: readonly TimedChannel<C>[];
  #turn = 0;
  #count = 0;
  #heldSinceMs = Infinity;
  #freeUntilMs = 0;
  #next: TimedChannel<C> | undefined;

  constructor(
    private readonly order: TimeOrder,
    channels: readonly C[],
  ) {
    this.#channels = channels.map((channel) => new TimedChannel(channel));
  }

  /** The channel to take a segment of; undefined when none has any, or is held. */
  next(): C | undefined {
    const earliest = this.#choose();
    const next = this.#next;
    this.heldUntilMs = Infinity;
    if (next === undefined || this.#holds(earliest)) return undefined;
    this.#count++;
    return next.channel;
  }

  /** A segment of the chosen channel was taken. */
  taken(): void {
    const { clock, isAlone } = this.order;
    if (clock === undefined || isAlone || this.#next === undefined || this.#next.channel.reached === NO_TIMESTAMP) return;
    this.#next.taken(clock.monotonicMs());
  }

  /** Finds the channel to read, and what is behind; answers the time of the former. */
  #choose(): number {
    const channels = this.#channels;
    const isFair = this.#count % FAIR_TURN === 0;
    let turn = this.#turn;
    let earliest = Infinity;
    this.#next = undefined;
    this.behind = undefined;
    this.least = Infinity;
    for (let seen = 0, at = this.#turn; seen < channels.length && (seen < MOST_COMPARED || this.#next === undefined); seen++) {
      const candidate = channels[at]!;
      at = at + 1 === channels.length ? 0 : at + 1;
      const head = candidate.channel.headTimestamp;
      this.#compare(candidate, head ?? candidate.channel.awaited);
      if (head === undefined || (this.#next !== undefined && (isFair || head >= earliest))) continue;
      this.#next = candidate;
      earliest = head;
      turn = at;
    }
    this.#turn = turn;
    return earliest;
  }

  #compare(channel: TimedChannel<C>, time: number): void {
    if (time >= this.least || time === NO_TIMESTAMP) return;
    this.least = time;
    this.behind = channel;
  }

  /** Whether the chosen channel, which is at that time, waits for one that is behind. */
  #holds(time: number): boolean {
    const behind = this.order.behind(this);
    const least = Math.min(this.least, behind?.least ?? Infinity);
    const awaited = least === this.least ? this.behind : behind?.behind;
    const isBehind = time - least > MOST_AHEAD_MS && awaited !== undefined && awaited.pace >= LEAST_PACE;
    const { clock } = this.order;
    if (isBehind && clock !== undefined) return this.#waitsFor(awaited, clock.monotonicMs());
    this.#heldSinceMs = Infinity;
    return false;
  }

  #waitsFor(awaited: TimedChannel<OrderedChannel>, nowMs: number): boolean {
    if (nowMs < awaited.trustedFromMs || nowMs < this.#freeUntilMs) return false;
    this.#heldSinceMs = Math.min(this.#heldSinceMs, nowMs);
    this.heldUntilMs = this.#heldSinceMs + MOST_HELD_MS;
    if (nowMs < this.heldUntilMs) return true;
    if (awaited.takenMs <= this.#heldSinceMs) awaited.trustedFromMs = nowMs + DISTRUST_MS;
    this.#freeUntilMs = nowMs + FREE_MS;
    this.#heldSinceMs = Infinity;
    this.heldUntilMs = Infinity;
    return false;
  }
}
