import { InvalidProgramError } from '../../errors.js';

const QUARTER_MS = 15 * 60_000;
const TOKEN = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']/g;

/** The time of day and date in a time zone, as a `Date` whose UTC fields are those of the zone. */
type Part = (local: Date) => string;

/** How long the text of a letter stays the same, in ms. Hours and what is longer may change at any quarter of an hour, in some zone. */
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, S: 1 };

const FIELDS: Readonly<Record<string, (local: Date) => number>> = {
  M: (local) => local.getUTCMonth() + 1,
  d: (local) => local.getUTCDate(),
  H: (local) => local.getUTCHours(),
  m: (local) => local.getUTCMinutes(),
  s: (local) => local.getUTCSeconds(),
};

/** Formats times by a pattern like `yyyy-MM-dd--HH` in a time zone. The text is made anew only when it may have changed. */
export class DatePattern {
  readonly #parts: readonly Part[];
  readonly #unitMs: number;
  readonly #zone: Intl.DateTimeFormat;
  #unit = NaN;
  #text = '';
  #quarter = NaN;
  #offsetMs = 0;

  constructor(pattern: string, timeZone: string | undefined) {
    const tokens = [...pattern.matchAll(TOKEN)];
    if (tokens.map(([token]) => token).join('') !== pattern) throw unknownPattern(pattern, "'");
    this.#parts = tokens.map(([token, quoted, letter]) => partOf(pattern, token, quoted, letter));
    this.#unitMs = Math.min(QUARTER_MS, ...tokens.map(([, , letter]) => UNIT_MS[letter ?? ''] ?? QUARTER_MS));
    this.#zone = zoneFormat(timeZone);
  }

  /** @param timeMs since 1970 UTC. */
  format(timeMs: number): string {
    const unit = Math.floor(timeMs / this.#unitMs);
    if (unit !== this.#unit) {
      this.#unit = unit;
      const local = new Date(timeMs + this.#offsetAt(timeMs));
      this.#text = this.#parts.map((part) => part(local)).join('');
    }
    return this.#text;
  }

  /** Offsets change at full quarters of an hour only. */
  #offsetAt(timeMs: number): number {
    const quarter = Math.floor(timeMs / QUARTER_MS);
    if (quarter !== this.#quarter) {
      this.#quarter = quarter;
      const startMs = quarter * QUARTER_MS;
      const shown = Object.fromEntries(this.#zone.formatToParts(startMs).map(({ type, value }) => [type, Number(value)]));
      const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
      this.#offsetMs = Date.UTC(year, month - 1, day, hour, minute, second) - startMs;
    }
    return this.#offsetMs;
  }
}

function partOf(pattern: string, token: string, quoted: string | undefined, letter: string | undefined): Part {
  if (letter === undefined) {
    const text = quoted === '' ? "'" : (quoted?.replaceAll("''", "'") ?? token);
    return () => text;
  }
  const width = token.length;
  if (letter === 'y') return (local) => yearText(local.getUTCFullYear(), width);
  if (letter === 'S') return (local) => String(local.getUTCMilliseconds()).padStart(3, '0').padEnd(width, '0').slice(0, width);
  const field = FIELDS[letter];
  if (field === undefined || width > 2) throw unknownPattern(pattern, token);
  return (local) => String(field(local)).padStart(width, '0');
}

function yearText(year: number, width: number): string {
  return width === 2 ? String(year % 100).padStart(2, '0') : String(year).padStart(width, '0');
}

function zoneFormat(timeZone: string | undefined): Intl.DateTimeFormat {
  const options = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  try {
    return new Intl.DateTimeFormat('en-US', { ...options, calendar: 'gregory', hourCycle: 'h23', timeZone });
  } catch {
    throw new InvalidProgramError(`"${timeZone ?? ''}" is no time zone`, 'Name it as in "Europe/Berlin" or "UTC".');
  }
}

function unknownPattern(pattern: string, part: string): InvalidProgramError {
  return new InvalidProgramError(
    `"${part}" in the date pattern "${pattern}" is not understood`,
    'Use y, M, d, H, m, s, S, signs and quoted text.',
  );
}
