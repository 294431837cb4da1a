import { newJobId, type Logger } from '#core';
import type { RuntimeContext } from '#api';
import { OperatorContext } from '../../runtime/task/runtime-context.js';

const silent: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** The context of an operator that runs alone. */
export function testContext(taskName: string): RuntimeContext {
  return new OperatorContext(
    taskName,
    {
      jobId: newJobId(),
      jobName: 'test',
      subtaskIndex: 0,
      parallelism: 1,
      maxParallelism: 128,
      attemptNumber: 0,
      logger: silent,
      globalJobParameters: {},
    },
    new Map(),
  );
}
