import type { Action, ActionContext } from '../action.js';
import { CLUSTER_OPTIONS } from '../arguments/cli-option.js';
import { programArguments, PROGRAM_OPTIONS } from '../arguments/program-arguments.js';
import { chooseCluster } from '../cluster-choice.js';
import { runProgramOn } from '../run-program.js';
import { clusterSettings, RUN_ON_YARN_OPTIONS, taskManagerCount } from '../yarn/cluster-options.js';
import { runAsApplication } from '../yarn/run-as-application.js';
import { runOnNewCluster } from '../yarn/run-on-new-cluster.js';
import { runOnSession } from '../yarn/run-on-session.js';

/** `flink-ts run`: compiles a program, runs its main here, and its jobs on a cluster, or in this process. */
export const run: Action = {
  name: 'run',
  summary: 'compiles and runs a program.',
  operands: '<program-file> <arguments>',
  syntax: {
    options: [
      ...CLUSTER_OPTIONS,
      ...PROGRAM_OPTIONS,
      {
        short: 's',
        long: 'fromSavepoint',
        argument: 'savepointPath',
        description: 'Savepoint or checkpoint to begin from: its directory, or the "_metadata" file in it.',
      },
      {
        short: 'n',
        long: 'allowNonRestoredState',
        description: 'Give up state of the savepoint that no operator of the program claims.',
      },
      {
        short: 'cm',
        long: 'claimMode',
        argument: 'claim|no_claim|legacy',
        description: 'Whether the savepoint belongs to the job from now on ("claim") or stays as it is ("no_claim", the default).',
      },
      { short: 'rm', long: 'restoreMode', argument: 'claim|no_claim|legacy', description: 'Old name of "-cm".', hidden: true },
      { short: 'd', long: 'detached', description: 'Return as soon as the job is submitted.' },
      {
        short: 'q',
        long: 'sysoutLogging',
        description: 'Print nothing on the standard output but what the program prints, and the id of a detached job.',
      },
      ...RUN_ON_YARN_OPTIONS,
    ],
    programFollows: true,
  },
  notes: ['Options come before the program file; everything after it belongs to the program.'],
  settings: (parsed) => clusterSettings(parsed, 'prefixed'),
  findsSession: () => true,
  check: (parsed) => {
    programArguments(parsed);
    taskManagerCount(parsed, 'prefixed');
  },
  run: runProgram,
};

async function runProgram(context: ActionContext): Promise<number> {
  const { arguments: parsed, configuration } = context;
  const choice = chooseCluster(context);
  switch (choice.kind) {
    case 'local':
      return await runProgramOn(context, { destination: choice, configuration, detached: false });
    case 'remote':
      return await runProgramOn(context, { destination: choice, configuration, detached: parsed.flag('detached') });
    case 'yarn-session':
      return await runOnSession(context, choice);
    case 'yarn-per-job':
      return await runOnNewCluster(context);
    case 'yarn-application':
      return await runAsApplication(context);
  }
}
