import { FlinkError } from '#core';
import { firstUserFrame } from './user-frame.js';
import type { TerminalOutput } from './terminal.js';

const RULE = '------------------------------------------------------------';

/** Errors that only say that something inside them went wrong. */
const WRAPPERS: readonly string[] = ['JOB_FAILED', 'PROGRAM_FAILED', 'TASK_FAILED', 'REPLAY_FAILED'];

/**
 * Tells a failure in three lines: what happened, where, and what to do; the user's own error first, with its line.
 * With `verbose`, the whole chain of causes with their stack traces follows.
 */
export function reportError(terminal: TerminalOutput, error: unknown, verbose: boolean): void {
  const root = rootOf(error);
  terminal.printError(what(root));
  const place = where(error, root);
  if (place !== undefined) terminal.printError(`  ${place}`);
  const action = actionOf(error, root);
  if (action !== undefined) terminal.printError(`  ${action}`);
  if (verbose) reportTrace(terminal, error);
}

function reportTrace(terminal: TerminalOutput, error: unknown): void {
  terminal.printError('');
  terminal.printError(RULE);
  terminal.printError(' The program finished with the following exception:');
  terminal.printError('');
  for (const [index, link] of chainOf(error).entries()) {
    terminal.printError(`${index === 0 ? '' : 'Caused by: '}${link instanceof Error ? (link.stack ?? link.message) : String(link)}`);
  }
}

/** The error a user should read: his own if there is one, else the innermost of ours that says something by itself. */
function rootOf(error: unknown): unknown {
  const chain = chainOf(error);
  const own = chain.findLast(isFromProgram);
  return own ?? chain.find((link) => !isWrapper(link)) ?? chain.at(-1);
}

function chainOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let link = error; link !== undefined && !chain.includes(link); link = link instanceof Error ? link.cause : undefined) {
    chain.push(link);
  }
  return chain;
}

function isWrapper(error: unknown): boolean {
  return error instanceof FlinkError && WRAPPERS.includes(error.code);
}

/** Thrown by user code here, or in a slot: then it has no code of ours. */
function isFromProgram(error: unknown): boolean {
  if (error instanceof FlinkError) return error.code === 'REMOTE_ERROR' && firstUserFrame(error) !== undefined;
  return firstUserFrame(error) !== undefined;
}

function what(error: unknown): string {
  if (!(error instanceof Error)) return `Error: ${String(error)}`;
  const ours = error instanceof FlinkError && error.code !== 'REMOTE_ERROR';
  return ours ? error.message : `${error.name}: ${error.message}`;
}

function where(error: unknown, root: unknown): string | undefined {
  const job = chainOf(error).find((link) => link instanceof FlinkError && 'jobId' in link && typeof link.jobId === 'string');
  const operator = chainOf(error).find((link) => link instanceof FlinkError && 'place' in link && typeof link.place === 'string');
  const place = operator === undefined ? undefined : (operator as FlinkError & { place: string }).place;
  const known = [firstUserFrame(root), place].filter((part) => part !== undefined);
  const ofJob = job === undefined ? undefined : `job ${(job as FlinkError & { jobId: string }).jobId}`;
  if (known.length === 0) return ofJob && `in ${ofJob}`;
  return `at ${[...known, ...(ofJob === undefined ? [] : [ofJob])].join(', ')}`;
}

function actionOf(error: unknown, root: unknown): string | undefined {
  const saying = [root, ...chainOf(error)].find((link) => link instanceof FlinkError && link.code !== 'REMOTE_ERROR' && !isWrapper(link));
  if (saying instanceof FlinkError) return saying.action;
  return isFromProgram(root) ? 'Mend the program there; "-v" after the action shows the whole stack trace.' : undefined;
}
