import { checkedType, type OptionType } from './option-type.js';

const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const INT_MAX = 2 ** 31 - 1;

export const string: OptionType<string> = { name: 'String', expected: 'a text', parse: (text) => text };

export const boolean: OptionType<boolean> = {
  name: 'Boolean',
  expected: '"true" or "false"',
  parse(text) {
    const lower = text.toLowerCase();
    return lower === 'true' || lower === 'false' ? lower === 'true' : undefined;
  },
};

/** A whole number that a double holds exactly (±2^53). */
export const long: OptionType<number> = {
  name: 'Long',
  expected: 'a whole number',
  parse(text) {
    const value = INTEGER.test(text) ? Number(text) : Number.NaN;
    return Number.isSafeInteger(value) ? value : undefined;
  },
};

/** A whole number of 32 bits. */
export const int: OptionType<number> = {
  ...checkedType(long, `a whole number from ${-INT_MAX - 1} to ${INT_MAX}`, (value) => value >= -INT_MAX - 1 && value <= INT_MAX),
  name: 'Integer',
};

/** A whole number of 32 bits that is at least `least`. */
export function intFrom(least: number): OptionType<number> {
  return checkedType(int, `a whole number of at least ${least}`, (value) => value >= least);
}

export const double: OptionType<number> = {
  name: 'Double',
  expected: 'a number',
  parse: (text) => (DECIMAL.test(text) ? Number(text) : undefined),
};

/** A TCP port; 0 lets the system choose. */
export const port: OptionType<number> = {
  ...checkedType(long, 'a port from 0 to 65535', (value) => value >= 0 && value <= 65_535),
  name: 'Port',
};

/** A TCP port; 0 lets the system choose, -1 switches the service off. */
export const portOrOff: OptionType<number> = {
  ...checkedType(long, 'a port from 0 to 65535, or -1 for none', (value) => value >= -1 && value <= 65_535),
  name: 'Port',
};
