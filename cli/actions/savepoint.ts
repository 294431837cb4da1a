import { fileSystems } from '#core';
import { fsDefaultScheme } from '#conf';
import { inspectSavepoint } from '#runtime';
import type { Action, ActionContext } from '../action.js';
import { CLUSTER_OPTIONS } from '../arguments/cli-option.js';
import { jobIdFrom } from '../arguments/job-id.js';
import type { ParsedAction } from '../arguments/parse-action.js';
import { DETACHED_SAVEPOINT, FORMAT_TYPE } from '../arguments/savepoint-options.js';
import { clusterOf } from '../cluster-choice.js';
import { typedDirectory, typedPath } from '../typed-path.js';
import { UsageError } from '../errors.js';

const MISSING_JOB = 'Missing JobID. Specify a Job ID to trigger a savepoint.';

/** `flink-ts savepoint`: makes, deletes and shows savepoints. */
export const savepoint: Action = {
  name: 'savepoint',
  summary: 'triggers savepoints for a running job, disposes existing ones, or shows what is in them.',
  operands: '<Job ID> [<target directory>]',
  syntax: {
    options: [
      ...CLUSTER_OPTIONS,
      { short: 'd', long: 'dispose', argument: 'arg', description: 'Path of the savepoint to delete, with all its files.' },
      {
        short: 'j',
        long: 'jarfile',
        argument: 'jarfile',
        description: 'Accepted as in Flink; nothing of a program is needed.',
        hidden: true,
      },
      FORMAT_TYPE,
      DETACHED_SAVEPOINT,
      {
        long: 'samples',
        argument: 'n',
        description: 'With "inspect": how many entries of each state are shown; 3 by default, 0 for none.',
      },
    ],
    programFollows: false,
  },
  findsSession: (parsed) => !inspects(parsed),
  notes: ['"savepoint inspect <path>" prints operators, states, sizes and some entries as JSON. No cluster is needed.'],
  check: (parsed) => {
    if (parsed.value('dispose') !== undefined) return;
    if (inspects(parsed)) {
      inspectedPath(parsed);
      samplesOf(parsed);
    } else jobIdFrom(parsed.rest[0], MISSING_JOB);
  },
  run: async (context) => {
    const path = context.arguments.value('dispose');
    if (path !== undefined) return await dispose(context, path);
    return await (inspects(context.arguments) ? inspect(context) : trigger(context));
  },
};

function inspects({ rest }: ParsedAction): boolean {
  return rest[0] === 'inspect';
}

function inspectedPath({ rest }: ParsedAction): string {
  const [, path] = rest;
  if (path === undefined) throw new UsageError('Missing path. Specify the directory or the "_metadata" file of a savepoint.');
  return path;
}

function samplesOf(parsed: ParsedAction): number {
  const text = parsed.value('samples') ?? '3';
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`"--samples" takes a number of entries, 0 or more, not "${text}".`);
}

async function inspect({ terminal, arguments: parsed, configuration }: ActionContext): Promise<number> {
  const options = { defaultScheme: configuration.get(fsDefaultScheme), samples: samplesOf(parsed) };
  const contents = await inspectSavepoint(inspectedPath(parsed), fileSystems, options);
  terminal.print(JSON.stringify(contents, undefined, 2));
  return 0;
}

async function dispose(context: ActionContext, path: string): Promise<number> {
  const { terminal, configuration } = context;
  const client = await clusterOf(context);
  try {
    terminal.print(`Disposing savepoint '${path}'.`);
    terminal.print('Waiting for response...');
    await client.disposeSavepoint(typedPath(path, configuration));
    terminal.print(`Savepoint '${path}' disposed.`);
    return 0;
  } finally {
    await client.close();
  }
}

async function trigger(context: ActionContext): Promise<number> {
  const { terminal, arguments: parsed, configuration } = context;
  const [first, targetDirectory, ...surplus] = parsed.rest;
  const jobId = jobIdFrom(first, MISSING_JOB);
  if (surplus.length > 0) terminal.print('Provided more arguments than required. Ignoring not needed arguments.');
  const client = await clusterOf(context);
  try {
    const detached = parsed.flag('detached');
    terminal.print(`Triggering savepoint ${detached ? 'in detached mode ' : ''}for job ${jobId}.`);
    terminal.print('Waiting for response...');
    const operation = await client.triggerSavepoint(jobId, { targetDirectory: typedDirectory(targetDirectory, configuration) });
    if (detached) terminal.print(`Successfully trigger manual savepoint, triggerId: ${operation.triggerId}`);
    else tellSavepoint(context, await operation.outcome());
    return 0;
  } finally {
    await client.close();
  }
}

function tellSavepoint({ terminal }: ActionContext, path: string): void {
  terminal.print(`Savepoint completed. Path: ${path}`);
  terminal.print('You can resume your program from this savepoint with the run command.');
}
