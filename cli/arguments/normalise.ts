import { UsageError } from '../errors.js';
import type { CliOption } from './cli-option.js';

/** A command line in the one form that the parser is given: long names, every value after its name. */
export interface NormalisedArguments {
  readonly options: readonly string[];
  /** What is no option: the program file and its arguments, a job id. */
  readonly rest: readonly string[];
}

/**
 * Brings the forms that Flink's users type to one: `-p 4`, `-p4`, `--parallelism 4`, `--parallelism=4`, `-Dkey=value`.
 * With `halt`, everything from the first word that is no option belongs to the program.
 *
 * Throws: `UsageError` for an option that the command does not have, and for one without its argument.
 */
export function normaliseArguments(words: readonly string[], known: readonly CliOption[], halt: boolean): NormalisedArguments {
  const options: string[] = [];
  const rest: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--') return { options, rest: [...rest, ...words.slice(index + 1)] };
    if (!word.startsWith('-') || word === '-') {
      if (halt) return { options, rest: [...rest, ...words.slice(index)] };
      rest.push(word);
      continue;
    }
    const { option, value } = findOption(word, known);
    if (option.argument === undefined) options.push(`--${option.long}`);
    else options.push(`--${option.long}=${value ?? argumentOf(option, words[++index])}`);
  }
  return { options, rest };
}

interface FoundOption {
  readonly option: CliOption;
  /** The argument, when it is part of the same word. */
  readonly value: string | undefined;
}

function findOption(word: string, known: readonly CliOption[]): FoundOption {
  const found = word.startsWith('--')
    ? findLong(word.slice(2), known)
    : (findLong(word.slice(1), known) ?? findShort(word.slice(1), known));
  if (!found) throw new UsageError(`Unrecognized option: ${word}`);
  return found;
}

function findLong(text: string, known: readonly CliOption[]): FoundOption | undefined {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const option = known.find(({ long }) => long === name);
  if (!option || (equals >= 0 && option.argument === undefined)) return undefined;
  return { option, value: equals < 0 ? undefined : text.slice(equals + 1) };
}

function findShort(text: string, known: readonly CliOption[]): FoundOption | undefined {
  const whole = known.find(({ short }) => short === text);
  if (whole) return { option: whole, value: undefined };
  const withValue = known.find(({ short, argument }) => short !== undefined && argument !== undefined && text.startsWith(short));
  if (!withValue) return undefined;
  const value = text.slice(withValue.short?.length);
  return { option: withValue, value: value.startsWith('=') ? value.slice(1) : value };
}

function argumentOf(option: CliOption, next: string | undefined): string {
  if (next === undefined) throw new UsageError(`Missing argument for option: ${option.short ?? option.long}`);
  return next;
}
