import type { ParsedAction } from './parse-action.js';
import { UsageError } from '../errors.js';
import type { CliOption } from './cli-option.js';

/** A program on the command line, and what is said about running it. */
export interface ProgramArguments {
  readonly file: string;
  readonly args: readonly string[];
  readonly entry: string | undefined;
  readonly classpath: readonly string[];
}

/** Options of the actions that take a program. */
export const PROGRAM_OPTIONS: readonly CliOption[] = [
  {
    short: 'c',
    long: 'class',
    argument: 'name',
    description: "Exported function to call as the program's main. Without it, loading the module runs the program.",
  },
  {
    short: 'C',
    long: 'classpath',
    argument: 'url',
    repeatable: true,
    description: 'One more directory of modules, as a path, a file: URL, or a path in HDFS. May be given more than once.',
  },
  {
    short: 'p',
    long: 'parallelism',
    argument: 'parallelism',
    description: 'The parallelism of the program. Wins over the one in the configuration.',
  },
  { short: 'j', long: 'jarfile', argument: 'file', description: 'The program file (old form).', hidden: true },
  {
    short: 'a',
    long: 'arguments',
    argument: 'arguments',
    description: 'Arguments of the program, separated by blanks (old form).',
    hidden: true,
  },
];

/** Reads the program file and its arguments. Throws `UsageError` in the words of Flink's client. */
export function programArguments(parsed: ParsedAction): ProgramArguments {
  const file = parsed.value('jarfile') ?? parsed.rest[0];
  if (file === undefined) {
    throw new UsageError('The program JAR file was not specified: give the program file, TypeScript or JavaScript, after the options.');
  }
  checkParallelism(parsed.value('parallelism'));
  const following = parsed.value('jarfile') === undefined ? parsed.rest.slice(1) : parsed.rest;
  const given =
    parsed
      .value('arguments')
      ?.split(/\s+/)
      .filter((word) => word !== '') ?? [];
  return { file, args: [...given, ...following], entry: parsed.value('class'), classpath: parsed.values('classpath') };
}

function checkParallelism(text: string | undefined): void {
  if (text !== undefined && !/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`The parallelism must be a positive number: ${text}`);
}
