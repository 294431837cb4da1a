/** Arguments of a process: `-Dkey=value` by key, and what else there is. */
export interface ProcessArguments {
  readonly dynamicProperties: Readonly<Record<string, string>>;
  readonly rest: readonly string[];
}

/** Splits `-Dkey=value` and `-D key=value` from other arguments; a key without a value is set to "true". */
export function splitDynamicProperties(args: readonly string[]): ProcessArguments {
  const properties: Record<string, string> = {};
  const rest: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    if (!word.startsWith('-D')) {
      rest.push(word);
      continue;
    }
    const text = word === '-D' ? (args[++index] ?? '') : word.slice(2);
    const equals = text.indexOf('=');
    properties[equals < 0 ? text : text.slice(0, equals)] = equals < 0 ? 'true' : text.slice(equals + 1);
  }
  return { dynamicProperties: properties, rest };
}
