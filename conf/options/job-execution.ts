import { mapOption, option } from '../option.js';
import { durationMs, durationOrNever } from '../types/duration.js';
import { stringList } from '../types/lists.js';
import { oneOf } from '../types/one-of.js';
import type { OptionType } from '../types/option-type.js';
import { memorySize } from '../types/memory-size.js';
import { boolean, int, intFrom, string } from '../types/scalars.js';

const group = 'Jobs';

/** Flink's own default is -1, "not set", which works as 1. */
const parallelism: OptionType<number> = {
  name: 'Integer',
  expected: 'a whole number of at least 1',
  parse(text) {
    const value = int.parse(text);
    if (value === -1) return 1;
    return value !== undefined && value >= 1 ? value : undefined;
  },
};

export const parallelismDefault = option({
  key: 'parallelism.default',
  type: parallelism,
  default: '1',
  group,
  takesEffect: 'yes',
  description: 'Parallelism of jobs and operators that set none.',
});

export const taskManagerNumberOfTaskSlots = option({
  key: 'taskmanager.numberOfTaskSlots',
  type: intFrom(1),
  default: '1',
  group,
  takesEffect: 'yes',
  description: 'Task slots of a TaskManager: how many parallel pipelines it can run. Each has a thread of its own.',
});

export const iterationsFeedbackMemory = option({
  key: 'execution.iterations.feedback-memory',
  type: memorySize,
  default: '4 mb',
  group,
  takesEffect: 'yes',
  description:
    'Memory for the records on their way round an iteration, in each of its subtasks. More than that goes to "taskmanager.tmp.dirs".',
});

export const executionTarget = option({
  key: 'execution.target',
  type: string,
  group,
  takesEffect: 'yes',
  description: 'Where programs run: "local", "remote", "yarn-session", "yarn-per-job" or "yarn-application". The flag "-t" sets it.',
});

export const executionRuntimeMode = option({
  key: 'execution.runtime-mode',
  type: oneOf('STREAMING', 'BATCH', 'AUTOMATIC'),
  default: 'STREAMING',
  group,
  takesEffect: 'yes',
  description: 'Whether a program is run as a stream, as a batch, or as a batch when all its inputs are bounded.',
});

export const executionAttached = option({
  key: 'execution.attached',
  type: boolean,
  default: 'false',
  group,
  takesEffect: 'not-yet',
  description: 'Whether the client waits until the job it submitted has ended. "flink-ts run" sets it, unless "-d" is given.',
});

export const executionShutdownOnAttachedExit = option({
  key: 'execution.shutdown-on-attached-exit',
  type: boolean,
  default: 'false',
  group,
  takesEffect: 'not-yet',
  description: 'Whether the cluster stops when an attached client ends.',
});

export const executionBufferTimeout = option({
  key: 'execution.buffer-timeout',
  type: durationOrNever,
  default: '100 ms',
  group,
  takesEffect: 'yes',
  aliases: ['execution.buffer-timeout.interval'],
  description: 'How long a record may wait in a network buffer that is not full. 0: not at all; -1: until it is full.',
});

export const executionBufferTimeoutEnabled = option({
  key: 'execution.buffer-timeout.enabled',
  type: boolean,
  default: 'true',
  group,
  takesEffect: 'yes',
  description: 'Whether "execution.buffer-timeout" counts; if not, buffers are sent when they are full.',
});

export const pipelineName = option({
  key: 'pipeline.name',
  type: string,
  group,
  takesEffect: 'yes',
  description: 'Name of the job, for programs that give none.',
});

export const pipelineMaxParallelism = option({
  key: 'pipeline.max-parallelism',
  type: int,
  default: '-1',
  group,
  takesEffect: 'yes',
  description: 'Most parallelism a job can be rescaled to: the number of key groups. -1: derived from the parallelism.',
});

export const pipelineOperatorChaining = option({
  key: 'pipeline.operator-chaining',
  type: boolean,
  default: 'true',
  group,
  takesEffect: 'yes',
  aliases: ['pipeline.operator-chaining.enabled'],
  description: 'Whether operators that need no exchange between them are run as one task.',
});

export const pipelineCompiledChains = option({
  key: 'pipeline.compiled-chains',
  type: boolean,
  default: 'true',
  group,
  takesEffect: 'yes',
  description: 'Whether each chain of operators becomes one generated function. If not, it can be stepped through in a debugger.',
});

export const pipelineObjectReuse = option({
  key: 'pipeline.object-reuse',
  type: boolean,
  default: 'false',
  group,
  takesEffect: 'meaningless',
  instead: 'In a chain the next operator always gets the same object: do not change a record after emitting it.',
  description: 'Whether records are passed on in a chain without being copied.',
});

export const pipelineGlobalJobParameters = mapOption({
  key: 'pipeline.global-job-parameters',
  group,
  takesEffect: 'yes',
  description: 'Texts by name that every function of the job can read.',
});

export const pipelineAutoWatermarkInterval = option({
  key: 'pipeline.auto-watermark-interval',
  type: durationMs,
  default: '200 ms',
  group,
  takesEffect: 'yes',
  description: 'How often watermarks are made from the timestamps seen.',
});

export const pipelineJars = option({
  key: 'pipeline.jars',
  type: stringList,
  group,
  takesEffect: 'not-yet',
  description: 'Programs and archives sent along with a job.',
});

export const pipelineClasspaths = option({
  key: 'pipeline.classpaths',
  type: stringList,
  group,
  takesEffect: 'not-yet',
  description: 'Addresses of modules that user code may load on every node. The flag "-C" adds to it.',
});

export const taskCancellationInterval = option({
  key: 'task.cancellation.interval',
  type: durationMs,
  default: '30000',
  group,
  takesEffect: 'yes',
  deprecatedKeys: ['task.cancellation-interval'],
  description: 'Time between two attempts to interrupt a task that is being cancelled.',
});

export const taskCancellationTimeout = option({
  key: 'task.cancellation.timeout',
  type: durationMs,
  default: '180000',
  group,
  takesEffect: 'yes',
  description: 'How long a task may take to cancel before its TaskManager ends itself. 0: for ever.',
});
