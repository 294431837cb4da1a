import { setTimeout as waited } from 'node:timers/promises';
import { FlinkError } from '#core';
import { hasEnded, type ApplicationReport, type ApplicationState, readableDiagnostics } from '../resource-manager/reports.js';
import type { ResourceManagerClient } from '../resource-manager/client.js';
import type { DeploymentListener } from './deployment-request.js';
import { YarnDeploymentError } from './errors.js';

const POLL_MS = 150;
const SLOW_MS = 60_000;
/** For how long a ResourceManager may be away in the middle of a deployment. */
const AWAY_MS = 30_000;

/** Follows an application until it runs, and tells its states. Throws `YarnDeploymentError` when it ends instead. */
export async function awaitRunning(
  resourceManager: ResourceManagerClient,
  applicationId: string,
  listener: DeploymentListener,
  signal: AbortSignal,
): Promise<ApplicationReport> {
  const startMs = Date.now();
  let known: ApplicationState | undefined;
  let toldSlow = false;
  for (;;) {
    const report = await patiently(() => resourceManager.report(applicationId), signal);
    const { state } = report;
    if (hasEnded(state)) throw new YarnDeploymentError(applicationId, state, readableDiagnostics(report));
    if (state === 'RUNNING' && report.amRPCAddress !== undefined) return report;
    if (state !== known && state !== 'RUNNING') listener.progress(`Deploying cluster, current state ${state}`);
    known = state;
    if (!toldSlow && Date.now() - startMs > SLOW_MS) {
      toldSlow = true;
      listener.progress('Deployment took more than 60 seconds. Please check if the requested resources are available in the YARN cluster');
    }
    await waited(POLL_MS, undefined, { signal });
  }
}

/** A ResourceManager that restarts, or fails over, comes back. */
async function patiently<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const untilMs = Date.now() + AWAY_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof FlinkError && error.retriable) || Date.now() > untilMs) throw error;
      await waited(POLL_MS, undefined, { signal });
    }
  }
}
