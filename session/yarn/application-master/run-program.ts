import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Configuration } from '#conf';
import { executionDefaults } from '../../program/execution-defaults.js';
import { PROGRAM_RESOURCE } from '../launch/names.js';
import type { ShippedProgram } from '../launch/shipped-program.js';
import type { ProgramOutcome, ProgramTask } from './program-task.js';

const script = new URL('./yarn-program.js', import.meta.url);

/**
 * Runs `main` of the program that shipped with the application, in a process of its own, its jobs on the JobManager at `restPort`; answers
 * how all of it has ended. What it prints goes where the ApplicationMaster's own output goes.
 */
export async function runShippedProgram(configuration: Configuration, restPort: number, signal: AbortSignal): Promise<ProgramOutcome> {
  const shipped = JSON.parse(await readFile(PROGRAM_RESOURCE, 'utf8')) as ShippedProgram;
  const task: ProgramTask = { shipped, defaults: executionDefaults(configuration), jobManager: { host: '127.0.0.1', port: restPort } };
  return await new Promise<ProgramOutcome>((resolve) => {
    const child = fork(script, { stdio: 'inherit', signal });
    let outcome: ProgramOutcome | undefined;
    child.once('message', (message) => {
      outcome = message as ProgramOutcome;
    });
    child.once('error', (error) => {
      resolve({ kind: 'failed', text: `the process of the program: ${error.message}` });
    });
    child.once('exit', (code, ended) => {
      resolve(outcome ?? { kind: 'failed', text: `the process of the program ended with ${ended ?? `exit code ${String(code)}`}` });
    });
    child.send(task);
  });
}
