import { FlinkError } from '#core';

/** No ResourceManager answers. */
export class ResourceManagerUnreachableError extends FlinkError {
  constructor(
    readonly tried: readonly string[],
    reasons: readonly string[],
    readonly unnamed: boolean,
    cause?: unknown,
  ) {
    super({
      code: 'RESOURCE_MANAGER_UNREACHABLE',
      message: `no YARN ResourceManager answers: ${tried.map((url, index) => `${url} (${reasons[index] ?? 'no answer'})`).join(', ')}`,
      action: unnamed
        ? "Hadoop's files name no ResourceManager, so one on this machine was tried: point HADOOP_CONF_DIR at the directory of a " +
          '"yarn-site.xml" that sets "yarn.resourcemanager.hostname".'
        : 'Check that the ResourceManager runs, and "yarn.resourcemanager.webapp.address" in "yarn-site.xml".',
      blame: 'external',
      retriable: true,
      cause,
    });
  }
}

/** All ResourceManagers that answer are in standby. */
export class ResourceManagerStandbyError extends FlinkError {
  constructor(readonly addresses: readonly string[]) {
    super({
      code: 'RESOURCE_MANAGER_STANDBY',
      message: `every YARN ResourceManager that answers is in standby: ${addresses.join(', ')}`,
      action: 'Wait for the fail-over to end, or look at "yarn rmadmin -getAllServiceState".',
      blame: 'external',
      retriable: true,
    });
  }
}

/** The ResourceManager refused a request. */
export class ResourceManagerError extends FlinkError {
  constructor(
    readonly status: number,
    readonly exception: string,
    what: string,
    reason: string,
  ) {
    super({
      code: 'RESOURCE_MANAGER_REFUSED',
      message: `the YARN ResourceManager refused to ${what}: ${reason}`,
      action: 'Mend what it says, or see the log of the ResourceManager.',
      blame: 'external',
    });
  }
}

/** Something answers at the address of the ResourceManager, but not as one does. */
export class ResourceManagerAnswerError extends FlinkError {
  constructor(
    readonly url: string,
    problem: string,
    cause?: unknown,
  ) {
    super({
      code: 'RESOURCE_MANAGER_ANSWER',
      message: `${url} answered ${problem}, which is not what a YARN ResourceManager answers`,
      action: 'Check that "yarn.resourcemanager.webapp.address" is the web address of the ResourceManager, not its RPC address.',
      blame: 'external',
      cause,
    });
  }
}

/** The ResourceManager knows no such application. */
export class ApplicationNotFoundError extends FlinkError {
  constructor(readonly applicationId: string) {
    super({
      code: 'APPLICATION_NOT_FOUND',
      message: `the YARN ResourceManager knows no application "${applicationId}"`,
      action: 'List the applications with "yarn application -list -appStates ALL".',
      blame: 'user',
    });
  }
}
