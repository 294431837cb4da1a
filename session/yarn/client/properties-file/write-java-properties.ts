const ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\f': '\\f', '\\': '\\\\' };
const ALWAYS = /[\t\n\r\f\\=:#!]/g;

/**
 * Writes Java properties as `java.util.Properties.store` does, comments first: `=`, `:`, `#`, `!`, backslashes and control characters get
 * a backslash, blanks do in keys and at the start of values, and what is not printable ASCII is written as its code.
 */
export function writeJavaProperties(properties: ReadonlyMap<string, string>, comments: readonly string[]): string {
  const lines = [...properties].map(([key, value]) => `${escaped(key, / /g)}=${escaped(value, /^ /)}`);
  return [...comments.map((comment) => `#${comment}`), ...lines].map((line) => `${line}\n`).join('');
}

function escaped(text: string, blanks: RegExp): string {
  return text
    .replace(ALWAYS, (char) => ESCAPES[char] ?? `\\${char}`)
    .replace(blanks, '\\ ')
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`);
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time as Java writes it into such a file: `Sat Nov 28 10:08:23 UTC 2026`. */
export function javaDate(ms: number): string {
  const time = new Date(ms);
  const two = (number: number): string => String(number).padStart(2, '0');
  const clock = `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`;
  const day = `${DAYS[time.getUTCDay()] ?? ''} ${MONTHS[time.getUTCMonth()] ?? ''} ${two(time.getUTCDate())}`;
  return `${day} ${clock} UTC ${time.getUTCFullYear()}`;
}
