import { FlinkError } from '#core';
import type { ApplicationState } from '../resource-manager/reports.js';

/** An application ended while its cluster was being deployed. */
export class YarnDeploymentError extends FlinkError {
  constructor(
    readonly applicationId: string,
    readonly state: ApplicationState,
    readonly diagnostics: string,
  ) {
    super({
      code: 'YARN_DEPLOYMENT',
      message:
        `The YARN application unexpectedly switched to state ${state} during deployment. \n` +
        `Diagnostics from YARN: ${diagnostics}\n` +
        'If log aggregation is enabled on your cluster, use this command to further investigate the issue:\n' +
        `yarn logs -applicationId ${applicationId}`,
      action: stagedFileIsGone(diagnostics)
        ? 'A file was changed or removed between its upload and the start of the container: keep other programs away from ' +
          'the ".flink" directory in HDFS, then start the cluster again.'
        : 'Mend what the diagnostics say, then start the cluster again.',
      blame: 'external',
    });
  }
}

/** What a NodeManager says of a file that is no longer there as the client told of it. */
function stagedFileIsGone(diagnostics: string): boolean {
  return /changed on src filesystem|File does not exist: \S*\/\.flink\//.test(diagnostics);
}

/** The application runs, but tells no address of its JobManager. */
export class NoJobManagerAddressError extends FlinkError {
  constructor(
    readonly applicationId: string,
    readonly address: string | undefined,
  ) {
    super({
      code: 'NO_JOB_MANAGER_ADDRESS',
      message: `application ${applicationId} tells no address of its JobManager${address === undefined ? '' : `, but "${address}"`}`,
      action: 'Check that it is an application of flink-ts, and has registered with the ResourceManager.',
      blame: 'external',
      retriable: true,
    });
  }
}

/** What is to be shipped is not there, or cannot have that name. */
export class ShipFileError extends FlinkError {
  constructor(
    readonly path: string,
    problem: string,
  ) {
    super({
      code: 'SHIP_FILE',
      message: `"${path}" cannot be shipped: ${problem}`,
      action: 'Mend "yarn.ship-files", "yarn.ship-archives" or "-t".',
      blame: 'user',
    });
  }
}

/** The user broke the deployment off. */
export class DeploymentInterruptedError extends FlinkError {
  constructor(readonly applicationId: string | undefined) {
    super({
      code: 'DEPLOYMENT_INTERRUPTED',
      message: 'the deployment was broken off',
      action: 'Start the cluster again.',
      blame: 'user',
    });
  }
}
