import type { Action } from '../action.js';
import { CLUSTER_OPTIONS } from '../arguments/cli-option.js';
import { jobIdFrom } from '../arguments/job-id.js';
import { clusterOf } from '../cluster-choice.js';

const MISSING_JOB = 'Missing JobID. Specify a Job ID to manipulate a checkpoint.';

/** `flink-ts checkpoint`: makes a checkpoint now. */
export const checkpoint: Action = {
  name: 'checkpoint',
  summary: 'triggers checkpoints for a running job.',
  operands: '<Job ID>',
  syntax: {
    options: [
      ...CLUSTER_OPTIONS,
      { short: 'full', long: 'full', description: 'Write all state, and refer to nothing of earlier checkpoints.' },
    ],
    programFollows: false,
  },
  notes: [],
  findsSession: () => true,
  check: ({ rest }) => {
    jobIdFrom(rest[0], MISSING_JOB);
  },
  run: async (context) => {
    const { terminal, arguments: parsed } = context;
    const jobId = jobIdFrom(parsed.rest[0], MISSING_JOB);
    const full = parsed.flag('full');
    const client = await clusterOf(context);
    try {
      terminal.print(`Triggering checkpoint for job ${jobId}.`);
      terminal.print('Waiting for response...');
      const checkpointId = await (await client.triggerCheckpoint(jobId, { full })).outcome();
      terminal.print(`Checkpoint(${full ? 'FULL' : 'CONFIGURED'}) ${checkpointId} for job ${jobId} completed.`);
      terminal.print('You can resume your program from this checkpoint with the run command.');
      return 0;
    } finally {
      await client.close();
    }
  },
};
