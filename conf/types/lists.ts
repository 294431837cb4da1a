import { delimiter } from 'node:path';
import type { OptionType } from './option-type.js';

const FLOW_LIST = /^\[(.*)\]$/s;
const QUOTED = /^(["'])(.*)\1$/s;

function splitAndTrim(text: string, separator: string | RegExp): readonly string[] {
  const body = FLOW_LIST.exec(text.trim());
  const items = body ? (body[1] ?? '').split(',') : text.split(separator);
  return items.map((item) => item.trim().replace(QUOTED, '$2')).filter((item) => item !== '');
}

/** A list of texts: separated by commas or semicolons, or a YAML list. Blanks around items are dropped, and so are empty items. */
export const stringList: OptionType<readonly string[]> = {
  name: 'List',
  expected: 'a list separated by commas',
  parse: (text) => splitAndTrim(text, /[,;]/),
};

/** A list of directories: separated by commas or by the system's path separator (`:`, on Windows `;`), or a YAML list. */
export const pathList: OptionType<readonly string[]> = {
  name: 'List of paths',
  expected: 'a list of paths separated by ":" or ","',
  parse: (text) => splitAndTrim(text, delimiter === ':' ? /[,:]/ : /[,;]/),
};

/** Whole numbers separated by commas. */
export const intList: OptionType<readonly number[]> = {
  name: 'List of integers',
  expected: 'whole numbers separated by commas',
  parse(text) {
    const items = splitAndTrim(text, /[,;]/);
    return items.every((item) => /^-?\d+$/.test(item)) ? items.map(Number) : undefined;
  },
};
