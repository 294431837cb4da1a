import { InvalidProgramError } from '../errors.js';
import { checkParallelism } from '../graph/operation-settings.js';
import { durationOf, type Duration } from '../time/duration.js';

/** How often a job that failed is started again. */
export interface RestartStrategy {
  readonly attempts: number;
}

export const RestartStrategies = {
  noRestart: (): RestartStrategy => ({ attempts: 0 }),
  fixedAttempts: (attempts: number): RestartStrategy => ({ attempts }),
} as const;

/** Parameters as they are, or something that can list them, such as a `ParameterTool`. */
export type JobParameters = Readonly<Record<string, string>> | { toRecord(): Readonly<Record<string, string>> };

/** Settings for all jobs that an environment runs. */
export class ExecutionConfig {
  #parallelism: number;
  #maxParallelism: number | undefined;
  #restartAttempts = 0;
  #globalJobParameters: Readonly<Record<string, string>>;
  #autoWatermarkIntervalMs: number;

  constructor(initial: Pick<ExecutionConfig, 'parallelism' | 'maxParallelism' | 'globalJobParameters' | 'autoWatermarkIntervalMs'>) {
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

  get restartAttempts(): number {
    return this.#restartAttempts;
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

  setRestartStrategy(strategy: RestartStrategy): this {
    const { attempts } = strategy;
    if (!Number.isInteger(attempts) || attempts < 0) {
      throw new InvalidProgramError(
        `the number of restart attempts must be a whole number, not "${attempts}"`,
        'Give 0 for no restart, or "Number.MAX_SAFE_INTEGER" for as many as it takes.',
      );
    }
    this.#restartAttempts = attempts;
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
