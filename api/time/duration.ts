import { durationMs } from '#conf';
import { InvalidProgramError } from '../errors.js';

/** A length of time: milliseconds, or a text such as `'10 s'`, `'5 min'`, `'PT1H'`. */
export type Duration = number | string;

/** In ms. Throws `InvalidProgramError` (user) for a text that is no length of time, and for what is no finite number. */
export function durationOf(duration: Duration): number {
  const ms = typeof duration === 'number' ? duration : durationMs.parse(duration);
  if (ms !== undefined && Number.isFinite(ms)) return ms;
  throw new InvalidProgramError(`"${duration}" is no length of time`, `Give ${durationMs.expected}.`);
}

/** Lengths of time by their units, in ms. */
export const Time = {
  milliseconds: (count: number): number => count,
  seconds: (count: number): number => count * 1000,
  minutes: (count: number): number => count * 60_000,
  hours: (count: number): number => count * 3_600_000,
  days: (count: number): number => count * 86_400_000,
} as const;
