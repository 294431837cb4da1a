import { MalformedMessageError } from './errors.js';

/** Checks that a value which came in has a form. `where` names it in the {@link MalformedMessageError}. */
export type Shape = (value: unknown, where: string) => void;

function primitive(expected: string, holds: (value: unknown) => boolean): Shape {
  return (value, where) => {
    if (!holds(value)) throw new MalformedMessageError(where, expected);
  };
}

export const text: Shape = primitive('a text', (value) => typeof value === 'string');
export const flag: Shape = primitive('true or false', (value) => typeof value === 'boolean');
export const number: Shape = primitive('a number', (value) => typeof value === 'number');
/** An integer of at least 0. */
export const count: Shape = primitive('a whole number of at least 0', (value) => Number.isSafeInteger(value) && (value as number) >= 0);
export const bytes: Shape = primitive('a run of bytes', (value) => value instanceof Uint8Array);
export const anything: Shape = () => {};

export function matching(pattern: RegExp): Shape {
  return primitive(`a text like ${pattern.source}`, (value) => typeof value === 'string' && pattern.test(value));
}

export function oneOf(...allowed: readonly string[]): Shape {
  return primitive(`one of ${allowed.join(', ')}`, (value) => typeof value === 'string' && allowed.includes(value));
}

export function optional(shape: Shape): Shape {
  return (value, where) => {
    if (value !== undefined) shape(value, where);
  };
}

export function listOf(shape: Shape): Shape {
  return (value, where) => {
    if (!Array.isArray(value)) throw new MalformedMessageError(where, 'a list');
    value.forEach((item, index) => {
      shape(item, `${where}[${index}]`);
    });
  };
}

/** Names to values of one form. */
export function recordOf(shape: Shape): Shape {
  return (value, where) => {
    for (const [name, item] of Object.entries(objectAt(value, where))) shape(item, `${where}.${name}`);
  };
}

/** An object with these fields; others are let through, so that a message may grow. */
export function object(fields: Readonly<Record<string, Shape>>): Shape {
  const checks = Object.entries(fields);
  return (value, where) => {
    const target = objectAt(value, where);
    for (const [name, shape] of checks) shape(target[name], `${where}.${name}`);
  };
}

/** A union told apart by a field. */
export function variants(tag: string, cases: Readonly<Record<string, Shape>>): Shape {
  const allowed = Object.keys(cases);
  return (value, where) => {
    const name = objectAt(value, where)[tag];
    const shape = typeof name === 'string' && Object.hasOwn(cases, name) ? cases[name] : undefined;
    if (shape === undefined) throw new MalformedMessageError(`${where}.${tag}`, `one of ${allowed.join(', ')}`);
    shape(value, where);
  };
}

/** A form that refers to itself. */
export function lazily(shape: () => Shape): Shape {
  return (value, where) => {
    shape()(value, where);
  };
}

function objectAt(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new MalformedMessageError(where, 'an object');
  return value as Readonly<Record<string, unknown>>;
}
