import type { HadoopConfiguration } from '#conf';
import type { HostAndPort } from '../../../client/http-exchange.js';
import { isApplicationId } from '../application-id.js';
import { addressOf } from '../deployment/cluster-address.js';
import { ApplicationNotFoundError } from '../errors.js';
import { ResourceManagerClient } from '../resource-manager/client.js';
import { type ApplicationReport, hasEnded } from '../resource-manager/reports.js';
import { InvalidApplicationIdError, YarnApplicationGoneError } from './errors.js';

/** A running application of YARN, found by its id. */
export interface RetrievedCluster {
  readonly applicationId: string;
  readonly address: HostAndPort;
  readonly webInterface: string;
}

/**
 * Asks YARN where the JobManager of an application is.
 *
 * Throws: `YarnApplicationGoneError`, `InvalidApplicationIdError` (user), `NoJobManagerAddressError` when it has not started yet, what the
 * ResourceManager's client throws.
 * @param namedBy the properties file that told of the application
 */
export async function retrieveCluster(hadoop: HadoopConfiguration, applicationId: string, namedBy?: string): Promise<RetrievedCluster> {
  if (!isApplicationId(applicationId)) throw new InvalidApplicationIdError(applicationId);
  const report = await reportOf(ResourceManagerClient.of(hadoop), applicationId, namedBy);
  if (hasEnded(report.state)) throw new YarnApplicationGoneError(applicationId, namedBy, report.finalStatus);
  return { applicationId, address: addressOf(report), webInterface: report.trackingUrl ?? report.originalTrackingUrl ?? '' };
}

async function reportOf(resourceManager: ResourceManagerClient, id: string, namedBy: string | undefined): Promise<ApplicationReport> {
  try {
    return await resourceManager.report(id);
  } catch (error) {
    // A ResourceManager forgets old applications, and those of before it was set up anew.
    if (error instanceof ApplicationNotFoundError) throw new YarnApplicationGoneError(id, namedBy, 'UNKNOWN', error);
    throw error;
  }
}
