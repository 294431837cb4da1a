import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import type { Random } from '#core';
import type { Scheduler } from './scheduler.js';

/**
 * Puts seeded chance and the scheduler in the place of what Node gives to whoever asks: random bytes, turns of the event loop. Real timers
 * are refused to its steps. Answers what undoes it.
 */
export function replaceGlobals(scheduler: Scheduler, random: Random): () => void {
  const undo = [replacedChance(random), replacedTurns(scheduler), refusedTimers(scheduler)];
  syncBuiltinESMExports();
  return () => {
    for (const restore of undo) restore();
    syncBuiltinESMExports();
  };
}

function replacedChance(random: Random): () => void {
  const { randomBytes, randomUUID } = crypto;
  const { random: mathRandom } = Math;
  const bytes = (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => random.nextInt(256)));
  const uuid = (): string =>
    bytes(16)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  Object.assign(crypto, { randomBytes: bytes, randomUUID: uuid });
  Math.random = () => random.next();
  return () => {
    Object.assign(crypto, { randomBytes, randomUUID });
    Math.random = mathRandom;
  };
}

/** A turn of the event loop is a step like any other. */
function replacedTurns(scheduler: Scheduler): () => void {
  const { setImmediate: later } = globalThis;
  const { setImmediate: nextTurn } = timers;
  const turn = (work: () => void): void => {
    scheduler.after(scheduler.current, 0, 'turn', work);
  };
  Object.assign(globalThis, { setImmediate: turn });
  Object.assign(timers, { setImmediate: () => new Promise<void>(turn) });
  return () => {
    Object.assign(globalThis, { setImmediate: later });
    Object.assign(timers, { setImmediate: nextTurn });
  };
}

function refusedTimers(scheduler: Scheduler): () => void {
  const { setTimeout: timeout, setInterval: interval } = globalThis;
  const refusing =
    <A extends readonly unknown[], R>(set: (...values: A) => R) =>
    (...values: A): R => {
      if (scheduler.stepping) throw new TypeError('a simulation has no real timers: take a Clock');
      return set(...values);
    };
  Object.assign(globalThis, { setTimeout: refusing(timeout), setInterval: refusing(interval) });
  return () => {
    Object.assign(globalThis, { setTimeout: timeout, setInterval: interval });
  };
}
