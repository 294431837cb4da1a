import { fileSystemWarnings } from '../checks/surroundings.js';
import { ResourceManagerClient } from '../resource-manager/client.js';
import { ApplicationStaging, stagingPlace } from '../staging/application-staging.js';
import { awaitRunning } from './await-running.js';
import { checkRequest } from './checked-request.js';
import { addressOf } from './cluster-address.js';
import type { DeployedCluster, DeploymentRequest } from './deployment-request.js';
import { DeploymentInterruptedError, YarnDeploymentError } from './errors.js';
import { stageApplication } from './stage-application.js';
import { submissionOf } from './submission-of.js';
import type { ApplicationReport } from '../resource-manager/reports.js';
import type { Submission } from '../resource-manager/submission.js';

/** As `deployCluster` says. */
export async function deploy(request: DeploymentRequest): Promise<DeployedCluster> {
  const resourceManager = ResourceManagerClient.of(request.hadoop);
  const checked = await checkRequest(resourceManager, request);
  const place = await stagingPlace(request.configuration, request.hadoop);
  const staging = new ApplicationStaging(place, checked.applicationId, request.signal);
  for (const text of fileSystemWarnings(staging.directory)) request.listener.warning(text);
  const deployment = new Deployment(resourceManager, staging, checked.applicationId, request);
  return await deployment.orNothing(async () => {
    const staged = await stageApplication(staging, request);
    const { userName } = resourceManager;
    const report = await deployment.run(submissionOf({ request, checked, staged, place, stagingDirectory: staging.directory, userName }));
    return {
      ...addressOf(report),
      applicationId: checked.applicationId,
      webInterface: report.trackingUrl ?? report.originalTrackingUrl ?? '',
      stagingDirectory: staging.directory,
      specification: checked.specification,
    };
  });
}

/** An application on its way to running. */
class Deployment {
  #submitted = false;

  constructor(
    private readonly resourceManager: ResourceManagerClient,
    private readonly staging: ApplicationStaging,
    private readonly applicationId: string,
    private readonly request: DeploymentRequest,
  ) {}

  async run(submission: Submission): Promise<ApplicationReport> {
    const { listener, signal } = this.request;
    signal.throwIfAborted();
    listener.progress(`Submitting application master ${this.applicationId}`);
    this.#submitted = true;
    await this.resourceManager.submit(submission);
    listener.progress('Waiting for the cluster to be allocated');
    const report = await awaitRunning(this.resourceManager, this.applicationId, listener, signal);
    listener.progress('YARN application has been deployed successfully.');
    return report;
  }

  /** Carries out `deploy`, and takes everything back when it fails. */
  async orNothing<T>(deploy: () => Promise<T>): Promise<T> {
    try {
      return await deploy();
    } catch (error) {
      await this.#takeBack(error);
      throw this.request.signal.aborted ? new DeploymentInterruptedError(this.#submitted ? this.applicationId : undefined) : error;
    }
  }

  async #takeBack(failure: unknown): Promise<void> {
    const problems: unknown[] = [];
    if (this.#submitted && !(failure instanceof YarnDeploymentError)) {
      await this.resourceManager.kill(this.applicationId).catch((error: unknown) => problems.push(error));
    }
    await this.staging.remove().catch((error: unknown) => problems.push(error));
    for (const problem of problems) {
      this.request.listener.warning(`not cleaned up after application ${this.applicationId}: ${String(problem)}`);
    }
  }
}
