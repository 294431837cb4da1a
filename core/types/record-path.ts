import { inspect } from 'node:util';

/** The path of a property below `parent`: `user.tags`, `["odd name"]`. */
export function propertyPath(parent: string, name: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${parent}[${JSON.stringify(name)}]`;
  return parent === '' ? name : `${parent}.${name}`;
}

export function positionPath(parent: string, position: number): string {
  return `${parent}[${position}]`;
}

/** A value as error messages show it: short, on one line. */
export function showValue(value: unknown): string {
  const text = inspect(value, { depth: 1, maxStringLength: 60, maxArrayLength: 5, breakLength: Number.POSITIVE_INFINITY });
  return text.length <= 160 ? text : `${text.slice(0, 157)}...`;
}
