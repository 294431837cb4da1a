/** Where a command writes. Handed in, so that tests see what a user would. */
export interface Terminal {
  /** A line on the standard output. */
  print(line: string): void;
  /** A line on the standard error output. */
  printError(line: string): void;
  readonly columns: number;
}

export const processTerminal: Terminal = {
  print: (line) => {
    process.stdout.write(`${line}\n`);
  },
  printError: (line) => {
    process.stderr.write(`${line}\n`);
  },
  columns: process.stdout.columns ?? 120,
};
