import { Configuration } from '#conf';
import { registerFileSystems } from '#connectors';
import { connectToCluster } from '../../client/connect-to-cluster.js';
import { JobCancelledError } from '../../client/errors.js';
import { submitProgram } from '../../program/submit-program.js';
import type { ProgramOutcome, ProgramTask } from './program-task.js';

/* The process in which `main` of a program runs, beside the JobManager in the same container: whatever it does, that one goes on. */

async function run({ shipped, defaults, jobManager }: ProgramTask): Promise<void> {
  registerFileSystems(Configuration.of(defaults.configuration).toJSON());
  const client = connectToCluster(jobManager);
  await submitProgram({
    program: shipped.program,
    args: shipped.args,
    entry: shipped.entry,
    detached: false,
    defaults,
    listener: {},
    client: async () => await client,
  });
}

/** The message of the innermost error that says what went wrong. */
function textOf(error: unknown): string {
  let text = '';
  for (let link = error; link instanceof Error; link = link.cause) text = `${link.name}: ${link.message}`;
  return text === '' ? String(error) : text;
}

function answer(outcome: ProgramOutcome): void {
  process.send?.(outcome, () => {
    process.exit(outcome.kind === 'failed' ? 1 : 0);
  });
}

process.once('disconnect', () => process.exit(1));
process.once('message', (task: ProgramTask) => {
  run(task).then(
    () => {
      answer({ kind: 'succeeded' });
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      answer(error instanceof JobCancelledError ? { kind: 'cancelled' } : { kind: 'failed', text: textOf(error) });
    },
  );
});
