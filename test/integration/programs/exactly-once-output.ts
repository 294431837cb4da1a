import { expect } from 'chai';

/** The lines that the program EXACTLY_ONCE has written. */
export interface ExactlyOnceOutput {
  readonly numbers: readonly string[];
  readonly windows: readonly string[];
}

/** Every record is there once, the records of a key are numbered without a gap, and the windows are whole. */
export function expectExactlyOnce(records: number, output: ExactlyOnceOutput): void {
  // Which of a key's records is the n-th is chance: several subtasks read.
  const numbers = output.numbers.map((line) => line.split(' '));
  expect(numbers.map(([key, , number]) => `${key} ${number}`).sort()).to.deep.equal(keysAndNumbers(records).sort());
  expect(numbers.map(([key, nth]) => `${key} ${nth}`).sort()).to.deep.equal(keysAndCounts(records).sort());
  expect(output.windows.toSorted()).to.deep.equal(expectedWindows(records).sort());
}

const keyOf = (number: number): number => (number * 7919) % 97;

function keysAndNumbers(records: number): string[] {
  return Array.from({ length: records }, (_, number) => `${keyOf(number)} ${number}`);
}

function keysAndCounts(records: number): string[] {
  const seen = new Map<number, number>();
  return Array.from({ length: records }, (_, number) => {
    const key = keyOf(number);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return `${key} ${count}`;
  });
}

function expectedWindows(records: number): string[] {
  const sums = new Map<string, { key: number; count: number; sum: number }>();
  for (let number = 0; number < records; number++) {
    const key = keyOf(number);
    const window = `${key} ${Math.floor(number / 1000)}`;
    const { count, sum } = sums.get(window) ?? { count: 0, sum: 0 };
    sums.set(window, { key, count: count + 1, sum: sum + number });
  }
  return [...sums.values()].map(({ key, count, sum }) => `${key} ${count} ${sum}`);
}
