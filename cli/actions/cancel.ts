import { InvalidJobIdError, type JobId, parseJobId } from '#core';
import type { Action, ActionContext } from '../action.js';
import { CLUSTER_OPTIONS } from '../arguments/cli-option.js';
import type { ParsedAction } from '../arguments/parse-action.js';
import { clusterOf } from '../cluster-choice.js';
import { UsageError } from '../errors.js';

/** `flink-ts cancel`: ends a job at once. */
export const cancel: Action = {
  name: 'cancel',
  summary: 'cancels a running program.',
  operands: '<Job ID>',
  syntax: { options: CLUSTER_OPTIONS, programFollows: false },
  notes: [],
  check: (parsed) => {
    jobIdOf(parsed);
  },
  run: cancelJob,
};

function jobIdOf({ rest }: ParsedAction): JobId {
  const [text] = rest;
  if (text === undefined) throw new UsageError('Missing JobID. Specify a JobID to cancel a job.');
  try {
    return parseJobId(text);
  } catch (error) {
    throw error instanceof InvalidJobIdError ? new UsageError(error.message) : error;
  }
}

async function cancelJob({ terminal, arguments: parsed, configuration }: ActionContext): Promise<number> {
  const jobId = jobIdOf(parsed);
  const client = await clusterOf(parsed, configuration);
  try {
    terminal.print(`Cancelling job ${jobId}.`);
    await client.cancelJob(jobId);
    terminal.print(`Cancelled job ${jobId}.`);
    return 0;
  } finally {
    await client.close();
  }
}
