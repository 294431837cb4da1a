import { newJobId } from '#core';
import {
  executorProvider,
  installExecutorProvider,
  type ExecutionTarget,
  type ExecutorProvider,
  type Executor,
  type JobClient,
  type StreamGraph,
} from '#api';

/** Takes graphs instead of running them. What its jobs answer is given to it. */
export class RecordingExecutor implements Executor {
  readonly graphs: StreamGraph[] = [];
  readonly targets: ExecutionTarget[] = [];
  readonly cancelled: number[] = [];
  failure: Error | undefined;
  #before: ExecutorProvider | undefined;

  constructor(readonly collected: readonly unknown[] = []) {}

  submit(graph: StreamGraph): Promise<JobClient> {
    const job = this.graphs.push(graph);
    const jobId = newJobId();
    const { collected } = this;
    return Promise.resolve({
      jobId,
      status: () => Promise.resolve('FINISHED'),
      cancel: () => {
        this.cancelled.push(job);
        return Promise.resolve();
      },
      result: () => (this.failure ? Promise.reject(this.failure) : Promise.resolve({ jobId, netRuntimeMs: 1, accumulators: {} })),
      async *collect() {
        yield* collected;
      },
    });
  }

  once<T>(effect: () => T | Promise<T>): Promise<T> {
    return Promise.resolve(effect());
  }

  /** Makes environments submit to this executor from now on. */
  install(parallelism = 4, configuration: Readonly<Record<string, string>> = {}): this {
    this.#before = executorProvider();
    installExecutorProvider({
      defaults: () => ({ parallelism, configuration }),
      executor: (target) => {
        this.targets.push(target);
        return Promise.resolve(this);
      },
    });
    return this;
  }

  /** Puts back what was installed before. */
  uninstall(): void {
    installExecutorProvider(this.#before);
  }
}
