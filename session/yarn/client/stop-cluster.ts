import { setTimeout as waited } from 'node:timers/promises';
import { shutDownCluster } from '../../client/shut-down-cluster.js';
import { removeStaging } from './remove-staging.js';
import { addressOf } from './deployment/cluster-address.js';
import type { ResourceManagerClient } from './resource-manager/client.js';
import { type ApplicationReport, hasEnded } from './resource-manager/reports.js';

/** How long an ApplicationMaster may take to cancel its jobs, and to say good-bye. */
const STOP_WITHIN_MS = 20_000;
const POLL_MS = 100;

/** What is to be ended. */
export interface RunningApplication {
  readonly resourceManager: ResourceManagerClient;
  readonly applicationId: string;
  /** Undefined: somebody else looks after it. */
  readonly stagingDirectory: string | undefined;
}

/**
 * Ends the cluster of an application, wherever its ApplicationMaster is now, and answers how it ended. One that does not hear is killed, as
 * is one that has not ended after 20 s; then its staging directory is removed here. Throws what the ResourceManager's client throws.
 */
export async function stopCluster({ resourceManager, applicationId, stagingDirectory }: RunningApplication): Promise<ApplicationReport> {
  const report = await endOf(resourceManager, applicationId);
  if (report.state !== 'FINISHED' && stagingDirectory !== undefined) await removeStaging(stagingDirectory);
  return report;
}

async function endOf(resourceManager: ResourceManagerClient, applicationId: string): Promise<ApplicationReport> {
  const report = await resourceManager.report(applicationId);
  if (hasEnded(report.state)) return report;
  const ended = (await hears(report)) ? await ending(resourceManager, applicationId) : undefined;
  if (ended) return ended;
  await resourceManager.kill(applicationId);
  return (await ending(resourceManager, applicationId)) ?? (await resourceManager.report(applicationId));
}

async function hears(report: ApplicationReport): Promise<boolean> {
  try {
    await shutDownCluster(addressOf(report));
    return true;
  } catch {
    return false;
  }
}

async function ending(resourceManager: ResourceManagerClient, applicationId: string): Promise<ApplicationReport | undefined> {
  const untilMs = Date.now() + STOP_WITHIN_MS;
  while (Date.now() < untilMs) {
    const report = await resourceManager.report(applicationId);
    if (hasEnded(report.state)) return report;
    await waited(POLL_MS);
  }
  return undefined;
}
