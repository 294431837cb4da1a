import { FlinkError } from '#core';

/** A container was not started as flink-ts starts its containers. */
export class LaunchEnvironmentError extends FlinkError {
  constructor(
    readonly variable: string,
    problem: string,
    cause?: unknown,
  ) {
    super({
      code: 'LAUNCH_ENVIRONMENT',
      message: `environment variable "${variable}" ${problem}`,
      action: 'This process is started by YARN: start a session with "flink-ts yarn-session".',
      blame: 'internal',
      cause,
    });
  }
}

/** A container is too small for what a process needs beside its heap. */
export class ContainerTooSmallError extends FlinkError {
  constructor(
    readonly containerMb: number,
    readonly cutoffMb: number,
    readonly key: string,
  ) {
    super({
      code: 'CONTAINER_TOO_SMALL',
      message: `"${key}" keeps ${cutoffMb} MB of a container for other things than the heap, which leaves nothing of its ${containerMb} MB`,
      action: `Lower "${key}", or ask for larger containers.`,
      blame: 'user',
    });
  }
}
