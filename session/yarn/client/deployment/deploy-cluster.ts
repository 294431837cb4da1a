import type { DeployedCluster, DeploymentRequest } from './deployment-request.js';

/**
 * Starts a cluster on YARN, and waits until its JobManager runs. When that fails, or is broken off, nothing is left: the application is
 * killed, its staging directory removed.
 *
 * Throws: `ClusterRequestError`, `ShipFileError` (user) before anything is started; `YarnDeploymentError` with YARN's diagnostics;
 * `DeploymentInterruptedError`; what the ResourceManager's client and the file system throw.
 */
export async function deployCluster(request: DeploymentRequest): Promise<DeployedCluster> {
  // what packs and uploads is loaded by those commands alone that start a cluster
  const { deploy } = await import('./deployment.js');
  return await deploy(request);
}
