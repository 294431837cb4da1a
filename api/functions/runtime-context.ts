import type { JobId, Logger } from '#core';
import type { Accumulator } from './accumulators.js';

/** What a rich function learns of the place it runs in. */
export interface RuntimeContext {
  readonly jobId: JobId;
  readonly jobName: string;
  /** Name of the operator, as given by `name()`. */
  readonly taskName: string;
  readonly taskNameWithSubtasks: string;
  /** From 0. */
  readonly subtaskIndex: number;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** From 0; counts restarts. */
  readonly attemptNumber: number;
  readonly logger: Logger;
  readonly globalJobParameters: Readonly<Record<string, string>>;
  /** Registers an accumulator under a name that is unique in this operator; its merged result is part of the job's result. */
  addAccumulator<V, R>(name: string, accumulator: Accumulator<V, R>): void;
  getAccumulator<V, R>(name: string): Accumulator<V, R>;
}

/** Life cycle of functions that have one. Both may be asynchronous; records come only between them. */
export interface RichFunction {
  open?(context: RuntimeContext): void | Promise<void>;
  close?(): void | Promise<void>;
}
