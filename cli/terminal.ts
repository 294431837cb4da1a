import type { Readable } from 'node:stream';

/** Where a command writes. */
export interface TerminalOutput {
  /** A line on the standard output. */
  print(line: string): void;
  /** A line on the standard error output. */
  printError(line: string): void;
  readonly columns: number;
}

/** Where a command writes, and what it is told there. Handed in, so that tests see what a user would. */
export interface Terminal extends TerminalOutput {
  /** What is typed, or piped in; not read before a command asks for it. */
  readonly input: Readable;
  /** Whether people type it. */
  readonly inputIsTyped: boolean;
}

export const processTerminal: Terminal = {
  print: (line) => {
    process.stdout.write(`${line}\n`);
  },
  printError: (line) => {
    process.stderr.write(`${line}\n`);
  },
  columns: process.stdout.columns ?? 120,
  // Opened only when read: a stream on a closed standard input fails.
  get input() {
    return process.stdin;
  },
  get inputIsTyped() {
    return process.stdin.isTTY;
  },
};
