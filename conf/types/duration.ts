import type { OptionType } from './option-type.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const MS_BY_UNIT: Readonly<Record<string, number>> = {
  d: DAY,
  day: DAY,
  days: DAY,
  h: HOUR,
  hour: HOUR,
  hours: HOUR,
  m: MINUTE,
  min: MINUTE,
  minute: MINUTE,
  minutes: MINUTE,
  s: SECOND,
  sec: SECOND,
  secs: SECOND,
  second: SECOND,
  seconds: SECOND,
  ms: 1,
  milli: 1,
  millis: 1,
  millisecond: 1,
  milliseconds: 1,
  µs: 1e-3,
  us: 1e-3,
  micro: 1e-3,
  micros: 1e-3,
  microsecond: 1e-3,
  microseconds: 1e-3,
  ns: 1e-6,
  nano: 1e-6,
  nanos: 1e-6,
  nanosecond: 1e-6,
  nanoseconds: 1e-6,
};

const AMOUNT = /^(\d+(?:\.\d+)?)\s*([a-zµ]*)$/;
const ISO_8601 = /^p(?:(\d+)d)?(?:t(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?)?$/;
const ISO_UNITS = [DAY, HOUR, MINUTE, SECOND] as const;

function parseIso(text: string): number | undefined {
  const match = ISO_8601.exec(text);
  if (!match || match.slice(1).every((part) => part === undefined)) return undefined;
  return ISO_UNITS.reduce((total, unit, index) => total + Number(match[index + 1] ?? 0) * unit, 0);
}

function parseDuration(text: string, plainUnitMs: number): number | undefined {
  const lower = text.trim().toLowerCase().replace('μ', 'µ');
  const match = AMOUNT.exec(lower);
  if (!match) return parseIso(lower);
  const unitMs = match[2] ? MS_BY_UNIT[match[2]] : plainUnitMs;
  return unitMs === undefined ? undefined : Number(match[1]) * unitMs;
}

const EXAMPLES = '"10 s", "5 min", "100 ms" or "PT10S"';

/** A length of time in ms. A plain number counts ms. */
export const durationMs: OptionType<number> = {
  name: 'Duration',
  expected: `a duration such as ${EXAMPLES}; a plain number counts milliseconds`,
  parse: (text) => parseDuration(text, 1),
};

/** A length of time in ms. A plain number counts seconds, as Flink 1.4 has it for a few keys. */
export const durationSeconds: OptionType<number> = {
  name: 'Duration (seconds)',
  expected: `a number of seconds, or a duration such as ${EXAMPLES}`,
  parse: (text) => parseDuration(text, SECOND),
};

/** A length of time in ms, or `Infinity` for "Inf". */
export const durationOrInfinite: OptionType<number> = {
  name: 'Duration',
  expected: `a duration such as ${EXAMPLES}, or "Inf"`,
  parse: (text) => (/^\+?inf(inity|inite)?$/i.test(text) ? Number.POSITIVE_INFINITY : parseDuration(text, 1)),
};

/** A length of time in ms, or -1 for "never". */
export const durationOrNever: OptionType<number> = {
  name: 'Duration',
  expected: `a duration such as ${EXAMPLES}, or -1 for "never"`,
  parse: (text) => (/^-1\s*(ms)?$/.test(text) ? -1 : parseDuration(text, 1)),
};
