import type { LogContext } from '#core';
import type { LogLevel } from '#conf';

/** A message on its way to a file or a terminal. */
export interface LogEvent {
  readonly timeMs: number;
  readonly level: LogLevel;
  /** Name of the logger: what part of the process speaks. */
  readonly name: string;
  readonly message: string;
  readonly context: LogContext;
}

/** Turns an event into text, a line break included where the pattern has one. */
export type Layout = (event: LogEvent) => string;

export const DEFAULT_PATTERN = '%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %-60c %x - %m%n';

const CONVERSION = /%(-?\d+)?(?:\.(-?\d+))?([a-zA-Z]+|%)(?:\{([^}]*)\})?/g;

/**
 * Compiles a pattern of log4j or logback, as far as it says date, level, logger, message, context and thread.
 * Conversions that are not known are left out.
 */
export function patternLayout(pattern: string): Layout {
  const parts: (string | Layout)[] = [];
  let end = 0;
  for (const match of pattern.matchAll(CONVERSION)) {
    const [whole, width, most, word = '', option] = match;
    const { found, rest } = splitWord(word);
    parts.push(
      pattern.slice(end, match.index),
      fitted(CONVERSIONS[found]?.(option) ?? (() => ''), Number(width ?? 0), Number(most ?? 0)),
      rest,
    );
    end = match.index + whole.length;
  }
  parts.push(pattern.slice(end));
  return (event) => parts.map((part) => (typeof part === 'string' ? part : part(event))).join('');
}

const CONVERSIONS: Readonly<Record<string, (option: string | undefined) => Layout>> = {
  '%': () => () => '%',
  d: dateLayout,
  date: dateLayout,
  p:
    () =>
    ({ level }) =>
      level.toUpperCase(),
  level:
    () =>
    ({ level }) =>
      level.toUpperCase(),
  c:
    () =>
    ({ name }) =>
      name,
  logger:
    () =>
    ({ name }) =>
      name,
  m:
    () =>
    ({ message }) =>
      message,
  msg:
    () =>
    ({ message }) =>
      message,
  message:
    () =>
    ({ message }) =>
      message,
  n: () => () => '\n',
  x:
    () =>
    ({ context }) =>
      contextText(context),
  X:
    (key) =>
    ({ context }) =>
      key === undefined ? contextText(context) : textOf(context[key]),
  mdc:
    (key) =>
    ({ context }) =>
      key === undefined ? contextText(context) : textOf(context[key]),
  t: () => () => 'main',
  thread: () => () => 'main',
};

/** The letters after `%` may run into text that follows: the longest known word counts. */
function splitWord(word: string): { readonly found: string; readonly rest: string } {
  for (let length = word.length; length > 0; length--) {
    const found = word.slice(0, length);
    if (found in CONVERSIONS) return { found, rest: word.slice(length) };
  }
  return { found: word, rest: '' };
}

function fitted(layout: Layout, width: number, most: number): Layout {
  if (width === 0 && most === 0) return layout;
  return (event) => {
    const text = layout(event);
    const cut = most > 0 && text.length > most ? text.slice(text.length - most) : text;
    return width < 0 ? cut.padEnd(-width) : cut.padStart(width);
  };
}

function contextText(context: LogContext): string {
  return Object.entries(context)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${textOf(value)}`)
    .join(' ');
}

function textOf(value: unknown): string {
  if (value instanceof Error) return value.message;
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function dateLayout(format: string | undefined): Layout {
  const wanted = format === undefined || format === 'ISO8601' || format === 'DEFAULT' ? 'yyyy-MM-dd HH:mm:ss,SSS' : format;
  return ({ timeMs }) => dateText(new Date(timeMs), wanted);
}

function dateText(date: Date, format: string): string {
  const fields: Readonly<Record<string, number>> = {
    yyyy: date.getFullYear(),
    MM: date.getMonth() + 1,
    dd: date.getDate(),
    HH: date.getHours(),
    mm: date.getMinutes(),
    ss: date.getSeconds(),
    SSS: date.getMilliseconds(),
  };
  return format.replace(/yyyy|MM|dd|HH|mm|ss|SSS/g, (field) => String(fields[field] ?? '').padStart(field.length, '0')).replace(/'/g, '');
}
