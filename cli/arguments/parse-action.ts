import { UsageError } from '../errors.js';
import type { CliOption } from './cli-option.js';
import { normaliseArguments } from './normalise.js';

/** A command line that was understood. */
export interface ParsedAction {
  /** What is no option, in order. */
  readonly rest: readonly string[];
  flag(long: string): boolean;
  /** The argument of an option, the last one when it was given more than once. */
  value(long: string): string | undefined;
  values(long: string): readonly string[];
  /** The long names of all options that were given. */
  readonly given: readonly string[];
  /** `-Dkey=value` and `-yDkey=value`, by key. */
  readonly dynamicProperties: Readonly<Record<string, string>>;
}

/** How the arguments of an action are written. */
export interface ActionSyntax {
  readonly options: readonly CliOption[];
  /** Everything from the first word that is no option belongs to the program. */
  readonly programFollows: boolean;
}

/** Parses the words after the action. Throws `UsageError`. */
export async function parseAction(words: readonly string[], syntax: ActionSyntax): Promise<ParsedAction> {
  const { options, rest } = normaliseArguments(words, syntax.options, syntax.programFollows);
  const { default: yargs } = await import('yargs');
  const parser = yargs([])
    .help(false)
    .version(false)
    .exitProcess(false)
    .parserConfiguration({ 'camel-case-expansion': false, 'dot-notation': false, 'parse-numbers': false, 'boolean-negation': false });
  for (const option of syntax.options) {
    parser.option(option.long, option.argument === undefined ? { type: 'boolean' } : { type: 'string', array: option.repeatable === true });
  }
  const parsed = parser.parseSync([...options]) as Readonly<Record<string, unknown>>;
  const values = (long: string): readonly string[] => {
    const value = parsed[long];
    if (value === undefined) return [];
    return (Array.isArray(value) ? value : [value]).map(String);
  };
  return {
    rest,
    flag: (long) => parsed[long] === true,
    value: (long) => values(long).at(-1),
    values,
    given: options.map((word) => word.slice(2).split('=', 1)[0] ?? ''),
    dynamicProperties: Object.fromEntries([...values('dynamic'), ...values('yarndynamic')].map(dynamicProperty)),
  };
}

function dynamicProperty(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals === 0) throw new UsageError(`-D expects property=value, not "${text}"`);
  return equals < 0 ? [text, 'true'] : [text.slice(0, equals), text.slice(equals + 1)];
}
