import type { JobId } from '#core';
import type { Action, ActionContext } from '../action.js';
import { CLUSTER_OPTIONS } from '../arguments/cli-option.js';
import { jobIdFrom } from '../arguments/job-id.js';
import type { ParsedAction } from '../arguments/parse-action.js';
import { clusterOf } from '../cluster-choice.js';
import { typedDirectory } from '../typed-path.js';

/** `flink-ts cancel`: ends a job at once, or after a savepoint. */
export const cancel: Action = {
  name: 'cancel',
  summary: 'cancels a running program.',
  operands: '<Job ID>',
  syntax: {
    options: [
      ...CLUSTER_OPTIONS,
      {
        short: 's',
        long: 'withSavepoint',
        description:
          'Make a savepoint first: "cancel -s [target directory] <Job ID>". Without a directory, "state.savepoints.dir" is used.',
      },
    ],
    programFollows: false,
  },
  notes: [],
  findsSession: () => true,
  check: (parsed) => {
    requestOf(parsed);
  },
  run: cancelJob,
};

interface CancelRequest {
  readonly jobId: JobId;
  readonly targetDirectory: string | undefined;
}

/** With `-s` the directory, if any, comes before the job id. */
function requestOf(parsed: ParsedAction): CancelRequest {
  const [first, second] = parsed.rest;
  const named = parsed.flag('withSavepoint') && second !== undefined;
  const jobId = jobIdFrom(named ? second : first, 'Missing JobID. Specify a JobID to cancel a job.');
  return { jobId, targetDirectory: named ? first : undefined };
}

async function cancelJob(context: ActionContext): Promise<number> {
  const { terminal, arguments: parsed, configuration } = context;
  const { jobId, targetDirectory } = requestOf(parsed);
  const client = await clusterOf(context);
  try {
    if (!parsed.flag('withSavepoint')) {
      terminal.print(`Cancelling job ${jobId}.`);
      await client.cancelJob(jobId);
      terminal.print(`Cancelled job ${jobId}.`);
      return 0;
    }
    terminal.print('DEPRECATION WARNING: Cancelling a job with savepoint is deprecated. Use "stop" instead.');
    terminal.print(`Cancelling job ${jobId} with savepoint to ${targetDirectory ?? 'default savepoint directory'}.`);
    const options = { targetDirectory: typedDirectory(targetDirectory, configuration), then: 'cancel' } as const;
    const path = await (await client.triggerSavepoint(jobId, options)).outcome();
    terminal.print(`Cancelled job ${jobId}. Savepoint stored in ${path}.`);
    return 0;
  } finally {
    await client.close();
  }
}
