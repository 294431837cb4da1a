import { readContainerCredentials } from '../launch/container-credentials.js';
import type { ProcessEnvironment } from '../launch/container-surroundings.js';
import { AMRM_TOKEN_KIND, type HadoopCredentials, type HadoopToken } from '../rpc/credentials.js';
import { ContainerEnvironmentError } from './errors.js';

export interface MasterCredentials {
  readonly credentials: HadoopCredentials;
  /** By which the ResourceManager knows this attempt. */
  readonly masterToken: HadoopToken;
}

/** The credentials of this container. Throws `LaunchEnvironmentError`, `ContainerEnvironmentError`, `CredentialsFormatError`. */
export async function readMasterCredentials(environment: ProcessEnvironment): Promise<MasterCredentials> {
  const credentials = await readContainerCredentials(environment);
  const masterToken = credentials.tokens.find(({ token }) => token.kind === AMRM_TOKEN_KIND)?.token;
  if (!masterToken) throw new ContainerEnvironmentError('the container has no token for the ResourceManager');
  return { credentials, masterToken };
}
