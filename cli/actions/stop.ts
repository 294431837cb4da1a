import type { Action, ActionContext } from '../action.js';
import { CLUSTER_OPTIONS } from '../arguments/cli-option.js';
import { jobIdFrom } from '../arguments/job-id.js';
import { DETACHED_SAVEPOINT, FORMAT_TYPE } from '../arguments/savepoint-options.js';
import { clusterOf } from '../cluster-choice.js';
import { typedDirectory } from '../typed-path.js';

/** `flink-ts stop`: ends a job with a savepoint, so that it can go on from there. */
export const stop: Action = {
  name: 'stop',
  summary: 'stops a running program with a savepoint (streaming jobs only).',
  operands: '<Job ID>',
  syntax: {
    options: [
      ...CLUSTER_OPTIONS,
      {
        short: 'p',
        long: 'savepointPath',
        argument: 'savepointPath',
        description: 'Directory of the savepoint. Without it, "state.savepoints.dir" is used.',
      },
      { short: 'd', long: 'drain', description: 'Let windows and timers of event time fire first: the job is not to go on.' },
      FORMAT_TYPE,
      DETACHED_SAVEPOINT,
    ],
    programFollows: false,
  },
  notes: [],
  findsSession: () => true,
  check: ({ rest }) => {
    jobIdFrom(rest[0], 'Missing JobId');
  },
  run: stopJob,
};

async function stopJob(context: ActionContext): Promise<number> {
  const { terminal, arguments: parsed, configuration } = context;
  const jobId = jobIdFrom(parsed.rest[0], 'Missing JobId');
  const drain = parsed.flag('drain');
  const client = await clusterOf(context);
  try {
    const where = parsed.flag('detached') ? ' in detached mode' : '';
    terminal.print(`${drain ? 'Draining' : 'Suspending'} job "${jobId}" with a CANONICAL savepoint${where}.`);
    const options = {
      targetDirectory: typedDirectory(parsed.value('savepointPath'), configuration),
      then: drain ? 'drain' : 'suspend',
    } as const;
    const operation = await client.triggerSavepoint(jobId, options);
    if (parsed.flag('detached')) {
      terminal.print(`Successfully trigger stop-with-savepoint, triggerId: ${operation.triggerId}`);
      return 0;
    }
    terminal.print(`Savepoint completed. Path: ${await operation.outcome()}`);
    return 0;
  } finally {
    await client.close();
  }
}
