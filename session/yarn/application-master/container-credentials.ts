import { readFile } from 'node:fs/promises';
import { AMRM_TOKEN_KIND, type HadoopCredentials, type HadoopToken, readCredentials } from '../rpc/credentials.js';
import { ContainerEnvironmentError } from './errors.js';

const VARIABLE = 'HADOOP_TOKEN_FILE_LOCATION';

export interface MasterCredentials {
  readonly credentials: HadoopCredentials;
  /** By which the ResourceManager knows this attempt. */
  readonly masterToken: HadoopToken;
}

/** Reads the tokens that YARN gave to this container. Throws `ContainerEnvironmentError`, `CredentialsFormatError`. */
export async function readMasterCredentials(environment: Readonly<Record<string, string | undefined>>): Promise<MasterCredentials> {
  const file = environment[VARIABLE];
  if (file === undefined) throw new ContainerEnvironmentError(`environment variable "${VARIABLE}" is not set`);
  const credentials = readCredentials(await readFile(file).catch((error: unknown) => cannotRead(file, error)));
  const masterToken = credentials.tokens.find(({ token }) => token.kind === AMRM_TOKEN_KIND)?.token;
  if (!masterToken) throw new ContainerEnvironmentError(`"${file}" holds no token for the ResourceManager`);
  return { credentials, masterToken };
}

function cannotRead(file: string, error: unknown): never {
  throw new ContainerEnvironmentError(`"${file}", which ${VARIABLE} names, cannot be read`, error);
}
