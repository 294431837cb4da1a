import type { ConfigurationWarning } from '../configuration-warning.js';
import type { ConfigurationEntry } from '../configuration.js';

/** What a configuration file says, and what is wrong with it. */
export interface FileContent {
  readonly entries: readonly ConfigurationEntry[];
  readonly warnings: readonly ConfigurationWarning[];
}

/**
 * Reads `flink-conf.yaml`, which in spite of its name is not YAML: one `key: value` a line, everything from `#` on is a comment,
 * also inside a value, and the first colon followed by a blank separates. Of repeated keys the last one counts.
 * A line without separator, key or value is skipped with a warning.
 */
export function parseFlatFile(text: string, file: string): FileContent {
  const entries = new Map<string, ConfigurationEntry>();
  const warnings: ConfigurationWarning[] = [];
  text.split(/\r?\n|\r/).forEach((raw, index) => {
    const line = index + 1;
    const parsed = parseLine(raw);
    if (parsed === 'empty') return;
    if (parsed === 'broken') {
      warnings.push(brokenLine(file, line));
      return;
    }
    const before = entries.get(parsed.key);
    if (before) warnings.push(repeatedKey(parsed.key, file, line));
    entries.set(parsed.key, { ...parsed, origin: { layer: 'conf-file', file, line } });
  });
  return { entries: [...entries.values()], warnings };
}

function parseLine(raw: string): { key: string; value: string } | 'empty' | 'broken' {
  const line = (raw.split('#', 1)[0] ?? '').trim();
  if (line === '') return 'empty';
  const separator = line.indexOf(': ');
  if (separator < 0) return 'broken';
  const key = line.slice(0, separator).trim();
  const value = line.slice(separator + 2).trim();
  return key === '' || value === '' ? 'broken' : { key, value };
}

function brokenLine(file: string, line: number): ConfigurationWarning {
  // The line itself is not shown: it may hold a password whose key is misspelt.
  return {
    kind: 'broken-line',
    file,
    line,
    message: `${file}:${line}: skipped, a line has to be "key: value" with a blank after the colon`,
  };
}

function repeatedKey(key: string, file: string, line: number): ConfigurationWarning {
  return { kind: 'repeated-key', key, file, line, message: `${file}:${line}: "${key}" is set again; this line counts` };
}
