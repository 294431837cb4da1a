import { TERMINAL_JOB_STATES } from '#runtime';
import type { JobSummary } from '#session';
import type { Action, ActionContext } from '../action.js';
import { CLUSTER_OPTIONS } from '../arguments/cli-option.js';
import { clusterOf } from '../cluster-choice.js';
import { formatTime } from '../format.js';

const RULE = '--------------------------------------------------------------';

/** `flink-ts list`: the jobs of a cluster. */
export const list: Action = {
  name: 'list',
  summary: 'lists running and scheduled programs.',
  operands: '',
  syntax: {
    options: [
      ...CLUSTER_OPTIONS,
      { short: 'r', long: 'running', description: 'Show only running programs and their JobIDs.' },
      { short: 's', long: 'scheduled', description: 'Show only scheduled programs and their JobIDs.' },
      { short: 'a', long: 'all', description: 'Show all programs and their JobIDs, also those that have ended.' },
    ],
    programFollows: false,
  },
  notes: [],
  findsSession: () => true,
  check: () => undefined,
  run: listJobs,
};

async function listJobs(context: ActionContext): Promise<number> {
  const { terminal, arguments: parsed } = context;
  const client = await clusterOf(context);
  terminal.print('Waiting for response...');
  try {
    for (const message of (await client.overview()).messages) terminal.print(`Message of the cluster: ${message}`);
    const jobs = (await client.listJobs()).toSorted((a, b) => a.startMs - b.startMs);
    const all = parsed.flag('all');
    const both = all || parsed.flag('running') === parsed.flag('scheduled');
    if (both || parsed.flag('running')) {
      print(terminal, '------------------ Running/Restarting Jobs -------------------', 'running', jobs.filter(isRunning));
    }
    if (both || parsed.flag('scheduled')) {
      print(terminal, '----------------------- Scheduled Jobs -----------------------', 'scheduled', jobs.filter(isScheduled));
    }
    if (all) print(terminal, '---------------------- Terminated Jobs -----------------------', 'terminated', jobs.filter(hasEnded));
    return 0;
  } finally {
    await client.close();
  }
}

function print(terminal: ActionContext['terminal'], title: string, kind: string, jobs: readonly JobSummary[]): void {
  if (jobs.length === 0) {
    terminal.print(`No ${kind} jobs.`);
    return;
  }
  terminal.print(title);
  for (const { startMs, jobId, name, state } of jobs) terminal.print(`${formatTime(startMs)} : ${jobId} : ${name} (${state})`);
  terminal.print(RULE);
}

function isScheduled({ state }: JobSummary): boolean {
  return state === 'CREATED' || state === 'INITIALIZING';
}

function hasEnded({ state }: JobSummary): boolean {
  return TERMINAL_JOB_STATES.includes(state);
}

function isRunning(job: JobSummary): boolean {
  return !isScheduled(job) && !hasEnded(job);
}
