import type { ExecutionTarget } from '#api';
import { classloaderResolveOrder, type Configuration, webPort } from '#conf';
import { bundleProgram, type ClusterClient, connectToCluster, executionDefaults, startLocalCluster, submitProgram } from '#session';
import type { Action, ActionContext } from '../action.js';
import { CLUSTER_OPTIONS } from '../arguments/cli-option.js';
import { programArguments, PROGRAM_OPTIONS } from '../arguments/program-arguments.js';
import { chooseCluster, type ClusterChoice } from '../cluster-choice.js';
import { InterruptedError } from '../errors.js';
import { JobProgress } from '../job-progress.js';
import type { Terminal } from '../terminal.js';

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
    ],
    programFollows: true,
  },
  notes: ['Options come before the program file; everything after it belongs to the program.'],
  check: (parsed) => {
    programArguments(parsed);
  },
  run: runProgram,
};

async function runProgram(context: ActionContext): Promise<number> {
  const { terminal, arguments: parsed, configuration, signal } = context;
  const { file, args, entry, classpath } = programArguments(parsed);
  const choice = chooseCluster(parsed, configuration);
  const detached = parsed.flag('detached') && choice.kind === 'remote';
  const quiet = parsed.flag('sysoutLogging');
  const clusters = new ProgramClusters(choice, configuration, terminal, quiet);
  const progress = new JobProgress({ terminal, quiet, detached, follow: choice.kind === 'remote' && !detached });
  try {
    const program = await bundleProgram(file, { classpath, resolveOrder: configuration.get(classloaderResolveOrder) });
    const submission = submitProgram({
      program,
      args,
      entry,
      detached,
      listener: progress,
      defaults: executionDefaults(configuration),
      client: async (target) => await clusters.client(target),
    });
    await orInterrupted(submission, signal);
    if (!detached) await progress.told();
    return 0;
  } catch (error) {
    if (error instanceof InterruptedError) await endInterrupted(clusters, progress, choice, terminal);
    throw error;
  } finally {
    await clusters.close();
  }
}

/** How long stopping may take without a word, ms. */
const STOPPING_UNTOLD_MS = 500;

/** Jobs of this process end with it: what they have printed comes before the word that they are cancelled. */
async function endInterrupted(clusters: ProgramClusters, progress: JobProgress, choice: ClusterChoice, terminal: Terminal): Promise<void> {
  if (choice.kind === 'remote') return progress.interrupted(true);
  const timer = setTimeout(() => {
    terminal.printError('stopping…');
  }, STOPPING_UNTOLD_MS);
  await clusters.close();
  clearTimeout(timer);
  progress.interrupted(false);
}

async function orInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    const interrupt = (): void => {
      reject(new InterruptedError(signal.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT'));
    };
    signal.addEventListener('abort', interrupt, { once: true });
    work.then(resolve, reject);
    if (signal.aborted) interrupt();
  });
}

/** A local run opens no port, unless `-D rest.port=…` says which: 0 takes any. */
function asksForWeb(configuration: Configuration): boolean {
  return configuration.find(webPort)?.entry.origin.layer === 'dynamic-property';
}

/** The clusters that the environments of a program ask for; each is connected to, or started, once. */
class ProgramClusters {
  readonly #clients = new Map<string, Promise<ClusterClient>>();
  readonly #choice: ClusterChoice;
  readonly #configuration: Configuration;
  readonly #terminal: Terminal;
  readonly #quiet: boolean;

  constructor(choice: ClusterChoice, configuration: Configuration, terminal: Terminal, quiet: boolean) {
    this.#choice = choice;
    this.#configuration = configuration;
    this.#terminal = terminal;
    this.#quiet = quiet;
    // Begun while the program is being compiled; an error shows when the program asks.
    this.client({ kind: 'default' }).catch(() => undefined);
  }

  client(target: ExecutionTarget): Promise<ClusterClient> {
    if (target.kind === 'remote') return this.#once(`${target.host}:${target.port}`, async () => await connectToCluster(target));
    if (target.kind === 'default' && this.#choice.kind === 'remote') return this.client({ ...this.#choice.target, kind: 'remote' });
    const settings = target.kind === 'local' ? target : { web: false, configuration: {} };
    return this.#once(
      'local',
      async () =>
        await startLocalCluster({
          configuration: this.#configuration.with(settings.configuration),
          web: settings.web || asksForWeb(this.#configuration),
          print: (stream, text) => {
            (stream === 'stdout' ? process.stdout : process.stderr).write(text);
          },
          onWebStarted: (url) => {
            if (!this.#quiet) this.#terminal.print(`JobManager web interface address ${url}`);
          },
        }),
    );
  }

  async close(): Promise<void> {
    const closing = [...this.#clients.values()];
    this.#clients.clear();
    for (const connecting of closing) {
      const client = await connecting.catch(() => undefined);
      await client?.close();
    }
  }

  #once(key: string, connect: () => Promise<ClusterClient>): Promise<ClusterClient> {
    const known = this.#clients.get(key);
    if (known) return known;
    const client = connect();
    this.#clients.set(key, client);
    return client;
  }
}
