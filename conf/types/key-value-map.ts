import type { OptionType } from './option-type.js';

/** Texts by name. */
export type KeyValues = Readonly<Record<string, string>>;

/**
 * A map. In the files it is either `key: a:1,b:2` or one line for each entry below the key: `key.a: 1`.
 * The second form is put together by the configuration; this reads the first.
 */
export const keyValueMap: OptionType<KeyValues> = {
  name: 'Map',
  expected: 'a map such as "a:1,b:2"',
  parse(text) {
    const pairs = text
      .replace(/^\{(.*)\}$/s, '$1')
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    const entries = pairs.map((pair) => /^([^:]+):\s*(.*)$/s.exec(pair));
    if (entries.some((entry) => entry === null)) return undefined;
    return Object.fromEntries(entries.map((entry) => [entry?.[1]?.trim() ?? '', entry?.[2]?.trim() ?? '']));
  },
};
