import type { OptionType } from './option-type.js';

/** One of a fixed set of words. Case, and `_` against `-`, do not matter when reading; the value is spelled as declared. */
export function oneOf<const Word extends string>(...words: readonly Word[]): OptionType<Word> {
  const fold = (text: string): string => text.toLowerCase().replaceAll('_', '-');
  const byFolded = new Map(words.map((word) => [fold(word), word]));
  return {
    name: 'Enum',
    expected: `one of ${words.map((word) => `"${word}"`).join(', ')}`,
    parse: (text) => byFolded.get(fold(text.trim())),
  };
}
