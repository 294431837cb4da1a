const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };
const SEPARATOR = /^((?:[^\\:=\s]|\\.)*)\s*[:=]?\s*(.*)$/s;

function unescape(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, char: string | undefined) =>
    hex === undefined ? (ESCAPES[char ?? ''] ?? char ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Joins lines that end in an odd number of backslashes with the next; drops blank lines and comments (`#`, `!`). */
function logicalLines(text: string): readonly string[] {
  const lines: string[] = [];
  let continued: string | undefined;
  for (const raw of text.split(/\r\n|\r|\n/)) {
    const line = raw.trimStart();
    if (continued === undefined && (line === '' || line.startsWith('#') || line.startsWith('!'))) continue;
    const whole = `${continued ?? ''}${line}`;
    const backslashes = /\\*$/.exec(line)?.[0].length ?? 0;
    continued = backslashes % 2 === 1 ? whole.slice(0, -1) : undefined;
    if (continued === undefined) lines.push(whole);
  }
  return continued === undefined ? lines : [...lines, continued];
}

/**
 * Reads a file of Java properties: `key=value`, `key: value` or `key value`; the last of repeated keys counts.
 * Source: java.util.Properties, method `load`.
 */
export function parseJavaProperties(text: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const line of logicalLines(text)) {
    const [, key = '', value = ''] = SEPARATOR.exec(line) ?? [];
    properties.set(unescape(key), unescape(value));
  }
  return properties;
}
