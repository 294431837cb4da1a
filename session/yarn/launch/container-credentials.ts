import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type HadoopCredentials, readCredentials } from '../rpc/credentials.js';
import type { ProcessEnvironment } from './container-surroundings.js';
import { LaunchEnvironmentError } from './errors.js';

const VARIABLE = 'HADOOP_TOKEN_FILE_LOCATION';
/** Under this name the secret of the cluster lies among those of a container. */
const CLUSTER_SECRET = 'flink-ts.cluster-secret';
const SECRET_BYTES = 32;

/** The tokens and secrets that YARN gave to this container. Throws `LaunchEnvironmentError`, `CredentialsFormatError`. */
export async function readContainerCredentials(environment: ProcessEnvironment): Promise<HadoopCredentials> {
  const file = environment[VARIABLE];
  if (file === undefined) throw new LaunchEnvironmentError(VARIABLE, 'is not set');
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new LaunchEnvironmentError(VARIABLE, `names "${file}", which cannot be read`, error);
  });
  return readCredentials(bytes);
}

/**
 * A secret that the processes of one application share, and by which they know each other; as YARN's REST takes it. YARN keeps it as it
 * keeps tokens: it is in no environment, command line, log or report.
 */
export function newClusterSecret(): Readonly<Record<string, string>> {
  return { [CLUSTER_SECRET]: randomBytes(SECRET_BYTES).toString('base64') };
}

/** The secret of the cluster that a container belongs to. Throws `LaunchEnvironmentError`. */
export function clusterSecretOf({ secrets }: HadoopCredentials): string {
  const found = secrets.find(({ alias }) => alias === CLUSTER_SECRET);
  if (!found) throw new LaunchEnvironmentError(VARIABLE, 'names a file without the secret of the cluster');
  return found.secret.toString('base64');
}
