import type { OptionType } from './option-type.js';

const KIB = 1024;
export const MIB = KIB * KIB;

/** The units of sizes, all binary: `kb` is 1024 bytes, as in Flink. */
const BYTES_BY_UNIT: Readonly<Record<string, number>> = {
  b: 1,
  bytes: 1,
  k: KIB,
  kb: KIB,
  kibibytes: KIB,
  m: MIB,
  mb: MIB,
  mebibytes: MIB,
  g: KIB * MIB,
  gb: KIB * MIB,
  gibibytes: KIB * MIB,
  t: MIB * MIB,
  tb: MIB * MIB,
  tebibytes: MIB * MIB,
};

const SIZE = /^(\d+)\s*([a-z]*)$/;
const EXAMPLES = '"64mb", "1g" or "1048576b"';

function parseSize(text: string, plainUnitBytes: number): number | undefined {
  const match = SIZE.exec(text.trim().toLowerCase());
  if (!match) return undefined;
  const unitBytes = match[2] ? BYTES_BY_UNIT[match[2]] : plainUnitBytes;
  const bytes = unitBytes === undefined ? Number.NaN : Number(match[1]) * unitBytes;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** A size in bytes. A plain number counts bytes. */
export const memorySize: OptionType<number> = {
  name: 'Memory size',
  expected: `a size such as ${EXAMPLES}`,
  parse: (text) => parseSize(text, 1),
};

/** A size in bytes. A plain number counts MiB, as in Flink's keys ending in `.mb`. */
export const memoryMegabytes: OptionType<number> = {
  name: 'Memory size (MB)',
  expected: `a number of megabytes, or a size such as ${EXAMPLES}`,
  parse: (text) => parseSize(text, MIB),
};

/** Like {@link memoryMegabytes}, where -1 stays -1 and means "not set". */
export const memoryMegabytesOrUnset: OptionType<number> = {
  name: 'Memory size (MB)',
  expected: `a number of megabytes, a size such as ${EXAMPLES}, or -1 for "not set"`,
  parse: (text) => (text === '-1' ? -1 : parseSize(text, MIB)),
};

/** Writes bytes with the largest unit that leaves a whole number: 67108864 is "64mb". */
export function formatMemorySize(bytes: number): string {
  for (const unit of ['tb', 'gb', 'mb', 'kb'] as const) {
    const unitBytes = BYTES_BY_UNIT[unit] ?? 1;
    if (bytes >= unitBytes && bytes % unitBytes === 0) return `${bytes / unitBytes}${unit}`;
  }
  return `${bytes}b`;
}
