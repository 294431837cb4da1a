import {
  describeGraph,
  type Executor,
  firstDifference,
  graphFingerprint,
  installExecutorProvider,
  type JobClient,
  type JobExecutionResult,
  type StreamGraph,
} from '#api';
import type { JobGraph, ProgramReference } from '../plan/job-graph.js';
import { decodeFromBase64 } from '../plan/plain-values.js';
import { endpointOf } from '../plan/to-job-graph.js';
import { applyMainConditions } from './determinism.js';
import { muteOutput } from './muted-output.js';
import { ReplayEndedError, ReplayFailedError, ReplayMismatchError } from './errors.js';

/** What an earlier job of the same program gave, shipped so that a replay need not run it. */
export interface EarlierResult {
  readonly result: JobExecutionResult;
  readonly collected: Readonly<Record<string, readonly unknown[]>>;
}

/** Imports the module of a program: `import`, or what stands for it. */
export type ImportProgram = (url: string) => Promise<Readonly<Record<string, unknown>>>;

/** How long a `main` that nobody awaits may go on when its module was loaded, before it counts as ended; ms. As at submission. */
const UNAWAITED_MAIN_MS = 3000;

export interface ReplayOptions {
  readonly unawaitedMainMs?: number;
  readonly importProgram?: ImportProgram;
}

/** Ends with the last replay of this thread: the clock, the arguments and the executor are the thread's, so one runs at a time. */
let lastReplay: Promise<unknown> = Promise.resolve();

/**
 * Runs the program again until its call of `execute` for this job and answers the graph it built, whose functions are live.
 * Throws {@link ReplayFailedError}, {@link ReplayEndedError}, {@link ReplayMismatchError}.
 */
export function replayProgram(programUrl: string, job: JobGraph, options: ReplayOptions = {}): Promise<StreamGraph> {
  const replay = lastReplay.then(() => replayAlone(programUrl, job, options));
  lastReplay = replay.catch(() => undefined);
  return replay;
}

async function replayAlone(programUrl: string, job: JobGraph, options: ReplayOptions): Promise<StreamGraph> {
  const { program } = job;
  const undo = applyMainConditions(program);
  const unmute = muteOutput();
  try {
    const graph = await graphOfExecution(programUrl, program, options);
    verify(graph, job);
    adoptShipped(graph, job);
    return graph;
  } finally {
    unmute();
    undo();
  }
}

async function graphOfExecution(programUrl: string, program: ProgramReference, options: ReplayOptions): Promise<StreamGraph> {
  const { unawaitedMainMs = UNAWAITED_MAIN_MS, importProgram } = options;
  return await new Promise<StreamGraph>((found, failed) => {
    const executor = new ReplayExecutor(program, found);
    installExecutorProvider({
      defaults: () => ({ parallelism: program.defaultParallelism, configuration: program.configuration }),
      executor: () => Promise.resolve(executor),
    });
    runMain(programUrl, program, importProgram).then(
      () => {
        setTimeout(() => {
          failed(new ReplayEndedError(program.file, program.executionIndex));
        }, unawaitedMainMs).unref();
      },
      (error: unknown) => {
        failed(new ReplayFailedError(program.file, error));
      },
    );
  });
}

/** Runs `main`: the import itself, or the exported entry function. */
export async function runMain(
  programUrl: string,
  program: Pick<ProgramReference, 'entry' | 'file'>,
  importProgram: ImportProgram = importModule,
): Promise<void> {
  const module = await importProgram(programUrl);
  if (program.entry === undefined) return;
  const entry = module[program.entry];
  if (typeof entry !== 'function') throw new TypeError(`"${program.file}" exports no function "${program.entry}"`);
  await (entry as () => unknown)();
}

async function importModule(url: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(url)) as Readonly<Record<string, unknown>>;
}

function verify(graph: StreamGraph, job: JobGraph): void {
  if (graphFingerprint(graph) === job.fingerprint) return;
  const submitted = JSON.parse(job.description) as ReturnType<typeof describeGraph>;
  throw new ReplayMismatchError(job.program.file, firstDifference(submitted, describeGraph(graph)) ?? 'no operator differs');
}

function adoptShipped(graph: StreamGraph, job: JobGraph): void {
  for (const node of graph.nodes) {
    const shipped = job.shipped[node.id];
    if (shipped !== undefined) endpointOf(node)?.adoptShipped?.(decodeFromBase64(shipped) as unknown[]);
  }
}

/** Answers earlier jobs from their shipped results and holds the program at the job it is replayed for. */
class ReplayExecutor implements Executor {
  #executions = 0;
  #effects = 0;

  constructor(
    private readonly program: ProgramReference,
    private readonly found: (graph: StreamGraph) => void,
  ) {}

  submit(graph: StreamGraph): Promise<JobClient> {
    const index = this.#executions++;
    const earlier = this.program.earlierResults[index];
    if (index < this.program.executionIndex && earlier !== undefined) {
      return Promise.resolve(clientOfEnded(decodeFromBase64(earlier) as EarlierResult));
    }
    this.found(graph);
    return new Promise(() => {
      /* the program stays at this call for as long as the slot lives */
    });
  }

  once<T>(): Promise<T> {
    const index = this.#effects++;
    const shipped = this.program.onceResults[index];
    if (shipped === undefined) throw new TypeError(`call number ${index + 1} of "env.once" did not happen at submission`);
    return Promise.resolve(decodeFromBase64(shipped) as T);
  }
}

function clientOfEnded(earlier: EarlierResult): JobClient {
  return {
    jobId: earlier.result.jobId,
    status: () => Promise.resolve('FINISHED'),
    cancel: () => Promise.resolve(),
    result: () => Promise.resolve(earlier.result),
    collect: (collectorId) => asyncIterableOf(earlier.collected[collectorId] ?? []),
  };
}

async function* asyncIterableOf(values: readonly unknown[]): AsyncIterable<unknown> {
  yield* values;
  await Promise.resolve();
}
