import { FlinkError } from '#core';
import { yarnMaximumFailedContainers } from '#conf';

/** Containers fail again and again. The text is Flink's. */
export class TooManyFailedContainersError extends FlinkError {
  constructor(
    readonly failed: number,
    readonly maximum: number,
    readonly last: string,
  ) {
    super({
      code: 'YARN_TOO_MANY_FAILED_CONTAINERS',
      message:
        `Stopping YARN session because the number of failed containers (${failed}) exceeded the maximum failed containers (${maximum}). ` +
        `This number is controlled by the '${yarnMaximumFailedContainers.key}' configuration setting. ` +
        `By default its the number of requested containers. The last one: ${last}`,
      action: 'Look into "taskmanager.err" and "taskmanager.log" of the container that failed: "yarn logs -applicationId <id>".',
      blame: 'external',
    });
  }
}

/** The ResourceManager was away for longer than we may wait for it. */
export class ResourceManagerLostError extends FlinkError {
  constructor(
    readonly waitedMs: number,
    cause: unknown,
  ) {
    super({
      code: 'YARN_RM_LOST',
      message: `the ResourceManager did not come back within ${waitedMs} ms: ${cause instanceof Error ? cause.message : String(cause)}`,
      action: 'See that the ResourceManager runs; "yarn.resourcemanager.connect.max-wait.ms" says how long it is waited for.',
      blame: 'external',
      cause,
    });
  }
}

/** The ApplicationMaster was started without something that YARN gives to every one. */
export class ContainerEnvironmentError extends FlinkError {
  constructor(what: string, cause?: unknown) {
    super({
      code: 'YARN_CONTAINER_ENVIRONMENT',
      message: what,
      action: 'This process is started by YARN: start a session with "flink-ts yarn-session".',
      blame: 'external',
      cause,
    });
  }
}

/** Containers of the size that was asked for are larger than any that YARN gives. */
export class ContainerTooLargeError extends FlinkError {
  constructor(
    readonly wantedMb: number,
    readonly maximumMb: number,
    readonly wantedVcores: number,
    readonly maximumVcores: number,
  ) {
    super({
      code: 'YARN_CONTAINER_TOO_LARGE',
      message:
        `containers of ${wantedMb} MB and ${wantedVcores} vcores are wanted, ` +
        `but the ResourceManager gives at most ${maximumMb} MB and ${maximumVcores} vcores`,
      action: "Ask for less, or raise 'yarn.scheduler.maximum-allocation-mb' or 'yarn.scheduler.maximum-allocation-vcores'.",
      blame: 'user',
    });
  }
}

/** The application was for jobs that were lost with an earlier attempt of the ApplicationMaster. */
export class JobsLostError extends FlinkError {
  constructor(lost: string) {
    super({
      code: 'YARN_JOBS_LOST',
      message: lost,
      action: 'Start them again; with "high-availability: zookeeper" the next attempt would have gone on with them.',
      blame: 'external',
    });
  }
}
