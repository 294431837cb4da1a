import { InvalidProgramError } from '../errors.js';
import { checkParallelism } from '../graph/operation-settings.js';
import { durationOf, type Duration } from '../time/duration.js';
import type { JobConfiguration } from './job-configuration.js';
import type { RestartStrategy } from './restart-strategies.js';

/** Parameters as they are, or something that can list them, such as a `ParameterTool`. */
export type JobParameters = Readonly<Record<string, string>> | { toRecord(): Readonly<Record<string, string>> };

/** Settings for all jobs that an environment runs. */
export class ExecutionConfig {
  #parallelism: number;
  #maxParallelism: number | undefined;
  #globalJobParameters: Readonly<Record<string, string>>;
  #autoWatermarkIntervalMs: number;

  readonly #job: JobConfiguration;

  constructor(
    initial: Pick<ExecutionConfig, 'parallelism' | 'maxParallelism' | 'globalJobParameters' | 'autoWatermarkIntervalMs'>,
    job: JobConfiguration,
  ) {
    this.#job = job;
    this.#parallelism = initial.parallelism;
    this.#maxParallelism = initial.maxParallelism;
    this.#globalJobParameters = initial.globalJobParameters;
    this.#autoWatermarkIntervalMs = initial.autoWatermarkIntervalMs;
  }

  get parallelism(): number {
    return this.#parallelism;
  }

  get maxParallelism(): number | undefined {
    return this.#maxParallelism;
  }

  get globalJobParameters(): Readonly<Record<string, string>> {
    return this.#globalJobParameters;
  }

  /** ms between two watermarks that are made at intervals; 0: none are. */
  get autoWatermarkIntervalMs(): number {
    return this.#autoWatermarkIntervalMs;
  }

  /** The parallelism of operators that are made from now on. */
  setParallelism(parallelism: number): this {
    checkParallelism('parallelism', parallelism);
    this.#parallelism = parallelism;
    return this;
  }

  /** The number of key groups of operators that set none: the most subtasks that state can ever be spread over. */
  setMaxParallelism(maxParallelism: number): this {
    checkParallelism('maximum parallelism', maxParallelism);
    this.#maxParallelism = maxParallelism;
    return this;
  }

  /** How jobs that failed are started again. */
  setRestartStrategy({ configuration }: RestartStrategy): this {
    this.#job.set(configuration);
    return this;
  }

  /** What every function finds in its runtime context, and people in the dashboard. */
  setGlobalJobParameters(parameters: JobParameters): this {
    this.#globalJobParameters =
      'toRecord' in parameters && typeof parameters.toRecord === 'function'
        ? parameters.toRecord()
        : { ...(parameters as Readonly<Record<string, string>>) };
    return this;
  }

  /** How often watermarks are made from the timestamps seen; 0: not at all. Throws `InvalidProgramError` (user) when it is below 0. */
  setAutoWatermarkInterval(interval: Duration): this {
    const intervalMs = durationOf(interval);
    if (intervalMs < 0) throw new InvalidProgramError('Auto watermark interval must not be negative.', 'Give 0 or more.');
    this.#autoWatermarkIntervalMs = intervalMs;
    return this;
  }

  /** Accepted as in Flink; here records are always handed on by reference, so there is nothing to enable. */
  enableObjectReuse(): this {
    return this;
  }
}
