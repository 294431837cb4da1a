import {
  Configuration,
  executionBufferTimeout,
  executionBufferTimeoutEnabled,
  executionRuntimeMode,
  parallelismDefault,
  pipelineAutoWatermarkInterval,
  pipelineGlobalJobParameters,
  pipelineMaxParallelism,
  pipelineName,
  pipelineOperatorChaining,
} from '#conf';
import type { ExecutionDefaults, ExecutionTarget } from '../execution.js';
import { checkParallelism } from '../graph/operation-settings.js';
import type { RequestedRuntimeMode } from '../graph/stream-graph.js';
import { JobConfiguration } from './job-configuration.js';

const DEFAULT_JOB_NAME = 'Flink Streaming Job';

/** What an environment starts with; what the program sets itself wins over it. */
export interface ConfiguredSettings {
  readonly jobName: string;
  readonly parallelism: number;
  readonly maxParallelism: number | undefined;
  readonly runtimeMode: RequestedRuntimeMode;
  readonly chaining: boolean;
  /** ms; 0: not at all, -1: until a buffer is full. */
  readonly bufferTimeoutMs: number;
  readonly autoWatermarkIntervalMs: number;
  readonly globalJobParameters: Readonly<Record<string, string>>;
  /** What jobs are told beyond these, by key. */
  readonly job: JobConfiguration;
}

/** The configuration of an environment: that of the place it runs in, and what the program gives it for itself. */
export function configurationOf(target: ExecutionTarget, defaults: ExecutionDefaults): Readonly<Record<string, string>> {
  return target.kind === 'local' ? { ...defaults.configuration, ...target.configuration } : defaults.configuration;
}

/**
 * The place knows its parallelism, from the command line or the number of its cores: only what the program gives wins over it.
 *
 * Throws `InvalidOptionValueError` and `InvalidParallelismError` (user).
 */
export function configuredSettings(target: ExecutionTarget, defaults: ExecutionDefaults): ConfiguredSettings {
  const own = Configuration.of(target.kind === 'local' ? target.configuration : {});
  const configuration = Configuration.empty.with(defaults.configuration, { layer: 'submission' }).withEntries(own.rawEntries());
  return {
    jobName: configuration.get(pipelineName) ?? DEFAULT_JOB_NAME,
    parallelism: own.isSet(parallelismDefault) ? parallelismOf(own) : defaults.parallelism,
    maxParallelism: maxParallelismOf(configuration),
    runtimeMode: configuration.get(executionRuntimeMode),
    chaining: configuration.get(pipelineOperatorChaining),
    bufferTimeoutMs: configuration.get(executionBufferTimeoutEnabled) ? configuration.get(executionBufferTimeout) : -1,
    globalJobParameters: configuration.get(pipelineGlobalJobParameters),
    job: new JobConfiguration(configuration, target.kind === 'local' ? target.configuration : {}),
    autoWatermarkIntervalMs: configuration.get(pipelineAutoWatermarkInterval),
  };
}

function parallelismOf(configuration: Configuration): number {
  const parallelism = configuration.get(parallelismDefault);
  checkParallelism('parallelism', parallelism);
  return parallelism;
}

function maxParallelismOf(configuration: Configuration): number | undefined {
  const maxParallelism = configuration.get(pipelineMaxParallelism);
  if (maxParallelism === -1) return undefined;
  checkParallelism('maximum parallelism', maxParallelism);
  return maxParallelism;
}
