import { mix, scale } from './mixed-numbers.js';

/** What the keyed jobs work on. */
export interface KeyedEvent {
  /** From 0 up to the number of keys, uniform. */
  readonly key: number;
  /** Event time in ms since 1970 UTC. */
  readonly ts: number;
  /** From 0 to 1023. */
  readonly value: number;
}

export interface KeyedEventOptions {
  readonly events: number;
  /** At most 2^21. */
  readonly keys: number;
  /** Number of contiguous ranges the event numbers are read in, side by side. */
  readonly parallelism: number;
  /** Events for each ms of event time. */
  readonly eventsPerMs?: number;
  readonly salt?: number;
}

/** 2023-11-15T23:59:00Z */
const START_MS = 1_700_092_740_000;

/**
 * Makes the event at an index. The event's number alone decides it, in arithmetic that the peer's generator repeats
 * exactly; indexes that are read side by side, in contiguous ranges, give numbers that follow each other in event time.
 */
export function keyedEvents({ events, keys, parallelism, eventsPerMs = 100, salt = 1 }: KeyedEventOptions): (index: number) => KeyedEvent {
  const seed = mix(salt);
  const rangeLength = Math.floor(events / parallelism);
  return (index) => {
    const range = Math.floor(index / rangeLength);
    const n = (index - range * rangeLength) * parallelism + range;
    return { key: scale(mix(n ^ seed), keys), ts: START_MS + Math.floor(n / eventsPerMs), value: n & 1023 };
  };
}
