import { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { runCommand } from '../../cli/main.js';
import type { Terminal } from '../../cli/terminal.js';

/** What a command wrote, and how it ended. */
export interface Outcome {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

/** Runs a command line in this process. */
export async function command(...words: string[]): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const record = (lines: string[]) => (line: string) => {
    lines.push(...stripVTControlCharacters(line).split('\n'));
  };
  const terminal: Terminal = { print: record(out), printError: record(err), columns: 120, input: Readable.from([]), inputIsTyped: false };
  const code = await runCommand(words, terminal, new AbortController().signal);
  return { code, out, err };
}
