import { type Configuration, type KeyValues, parseFlatFile } from '#conf';

/** A configuration as a file for containers. */
export interface ShippedConfiguration {
  /** Of `flink-conf.yaml`. */
  readonly text: string;
  /** What cannot be written in such a file, as values with `#`: it travels beside it. */
  readonly unwritable: KeyValues;
}

/** Writes the settings of a client, whatever they came from, into the one file that containers read. */
export function shippedConfiguration(configuration: Configuration): ShippedConfiguration {
  const lines: string[] = [];
  const unwritable: Record<string, string> = {};
  for (const { key, value } of configuration.rawEntries()) {
    const line = `${key}: ${value}`;
    if (survives(line, key, value)) lines.push(line);
    else if (value.trim() !== '') unwritable[key] = value;
  }
  return { text: lines.map((line) => `${line}\n`).join(''), unwritable };
}

function survives(line: string, key: string, value: string): boolean {
  const { entries } = parseFlatFile(line, '');
  return entries.length === 1 && entries[0]?.key === key && entries[0].value === value;
}
