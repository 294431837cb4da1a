import { type JobId, newJobId, systemClock } from '#core';
import { type DataStream, StreamExecutionEnvironment } from '#api';
import { slotRequestsOf } from '../../schedule/slot-sharing.js';
import { toJobGraph } from '../../plan/to-job-graph.js';
import { VirtualClock } from '../virtual-clock.js';
import { CommittedRecords, RecordStore } from './committed-records.js';
import { FaultInjector } from './fault-injector.js';
import type { Fault } from './faults.js';
import { HarnessCluster } from './harness-cluster.js';
import { LiveProgram } from './live-program.js';
import { type JobRunResult, TestJob } from './test-job.js';

export interface JobHarnessOptions {
  /** Of operators that set none; by default 1. */
  readonly parallelism?: number;
  /** Of the cluster, by Flink's keys. By default jobs with checkpoints begin again at once, up to 10 times. */
  readonly configuration?: Readonly<Record<string, string>>;
  readonly faults?: readonly Fault[];
  /** `virtual`: processing time, and all that the cluster does by it, stands still until `advanceTime`. It begins at 0. */
  readonly clock?: 'system' | 'virtual';
  /** A savepoint, or the directory of a checkpoint, to begin from. */
  readonly savepoint?: string;
}

/** Builds the job; the records of the stream it answers are collected. It is called again in every slot: it only describes. */
export type BuildJob<T> = (env: StreamExecutionEnvironment) => DataStream<T> | void | Promise<DataStream<T> | void>;

const DEFAULTS = {
  'restart-strategy': 'fixed-delay',
  'restart-strategy.fixed-delay.attempts': '10',
  'restart-strategy.fixed-delay.delay': '0 s',
};

/**
 * Runs a job to its end on a whole cluster in this thread: JobManager, TaskManager and tasks are the real ones. Functions are live: what
 * they have closed over is that of the test. One job at a time.
 *
 * Throws what the job failed with, or what `build` throws.
 *
 * @example
 * const { records, failures } = await runJob(
 *   (env) => env.enableCheckpointing(20).fromSequence(1, 100).map((n) => 2 * n).name('double'),
 *   { parallelism: 2, faults: [failOperator('double', 30)] },
 * );
 */
export async function runJob<T = never>(build: BuildJob<T>, options: JobHarnessOptions = {}): Promise<JobRunResult<T>> {
  const job = await startJob(build, options);
  return await job.result();
}

/** As {@link runJob}, for tests that do something while the job runs. Ends it with `result` or `close`. */
export async function startJob<T = never>(build: BuildJob<T>, options: JobHarnessOptions = {}): Promise<TestJob<T>> {
  const { parallelism = 1, faults = [] } = options;
  const clock = options.clock === 'virtual' ? new VirtualClock() : systemClock;
  const configuration = {
    ...DEFAULTS,
    ...options.configuration,
    ...(options.savepoint !== undefined && { [SAVEPOINT]: options.savepoint }),
  };
  const store = new RecordStore<T>();
  const program = new LiveProgram(mainOf(build, store));
  const cluster = await HarnessCluster.start({ clock, configuration });
  const injector: FaultInjector = new FaultInjector(faults, (reason) => {
    cluster.kill(reason, injector);
  });
  try {
    const jobId = await submit(cluster, program, injector, { parallelism, configuration });
    return new TestJob<T>({ jobId, cluster, injector, store, program, clock });
  } catch (error) {
    program.forget();
    await cluster.stop();
    throw error;
  }
}

const SAVEPOINT = 'execution.savepoint.path';

function mainOf<T>(build: BuildJob<T>, store: RecordStore<T>): () => Promise<unknown> {
  return async () => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    const stream = await build(env);
    stream?.addSink(new CommittedRecords<T>(store)).name('Sink: Collected by the Test');
    await env.execute();
  };
}

async function submit(
  cluster: HarnessCluster,
  program: LiveProgram,
  injector: FaultInjector,
  { parallelism, configuration }: { readonly parallelism: number; readonly configuration: Readonly<Record<string, string>> },
): Promise<JobId> {
  const reference = program.reference(await cluster.putProgram(program.bundle), parallelism, configuration);
  const graph = toJobGraph(await program.graph(reference), newJobId(), reference);
  await cluster.startTaskManager(slotRequestsOf(graph).length, injector);
  await cluster.jobManager.submitJob(graph);
  return graph.jobId;
}
