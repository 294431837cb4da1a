import type { OptionType } from './option-type.js';

/** Ports `first` to `last`, both included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

const RANGE = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/;

function parseRange(text: string): PortRange | undefined {
  const match = RANGE.exec(text.trim());
  if (!match) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return first <= last && last <= 65_535 ? { first, last } : undefined;
}

/** Ports to be tried in turn: a port, a list, ranges, or a mixture such as `50100,50200-50210`; 0 lets the system choose. */
export const portRanges: OptionType<readonly PortRange[]> = {
  name: 'Ports',
  expected: 'a port, a list of ports, a range or a mixture, such as "50100,50200-50210"; 0 lets the system choose',
  parse(text) {
    const ranges = text.split(',').map(parseRange);
    return ranges.every((range) => range !== undefined) ? ranges : undefined;
  },
};

/** The ports of `ranges`, in the order in which they are to be tried. */
export function* portsOf(ranges: readonly PortRange[]): Generator<number> {
  for (const { first, last } of ranges) {
    for (let port = first; port <= last; port++) yield port;
  }
}
