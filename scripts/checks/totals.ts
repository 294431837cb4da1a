import { readFileSync } from 'node:fs';

/** How many checks, or tests of a suite, passed and failed. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
}

export const NOTHING_RUN: Totals = { passed: 0, failed: 0 };
export const ONE_PASSED: Totals = { passed: 1, failed: 0 };
export const ONE_FAILED: Totals = { passed: 0, failed: 1 };

export function addTotals(left: Totals, right: Totals): Totals {
  return { passed: left.passed + right.passed, failed: left.failed + right.failed };
}

/** The line that ends a run of all checks. */
export function lastLine(totals: Totals): string {
  return `${totals.passed} passed, ${totals.failed} failed`;
}

/** Reads what the suite reporter wrote; undefined when the suite ended before it could write. */
export function readTotals(file: string): Totals | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const parsed: unknown = JSON.parse(text);
  return isTotals(parsed) ? parsed : undefined;
}

function isTotals(value: unknown): value is Totals {
  return typeof value === 'object' && value !== null && 'passed' in value && 'failed' in value;
}
