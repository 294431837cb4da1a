import { userInfo } from 'node:os';
import type { HadoopConfiguration } from '#conf';
import { KerberosNotSupportedError } from './errors.js';

/** What a request to Hadoop carries so that it counts as one of a user. */
export interface RequestCredentials {
  /** Added to the query of the URL. */
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** The one place where HTTP requests to Hadoop (ResourceManager, NodeManagers, WebHDFS) get their authentication. */
export interface HadoopAuthentication {
  /** The user as Hadoop sees him. */
  readonly userName: string;
  /** For the next request to `url`. */
  credentials(url: URL): Promise<RequestCredentials>;
}

/** As whom Hadoop is spoken to: `HADOOP_USER_NAME`, else the user of the process. */
export function hadoopUserName(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const named = environment['HADOOP_USER_NAME'];
  return named === undefined || named === '' ? userInfo().username : named;
}

/** Hadoop without security believes whom a request names. */
export function simpleAuthentication(userName: string): HadoopAuthentication {
  return { userName, credentials: () => Promise.resolve({ query: { 'user.name': userName }, headers: {} }) };
}

/** What `hadoop.security.authentication` asks for. Throws {@link KerberosNotSupportedError}. */
export function hadoopAuthentication(
  hadoop: HadoopConfiguration,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): HadoopAuthentication {
  const kind = hadoop.get('hadoop.security.authentication')?.toLowerCase() ?? 'simple';
  if (kind !== 'simple') throw new KerberosNotSupportedError(kind, hadoop.fileOf('hadoop.security.authentication'));
  return simpleAuthentication(hadoopUserName(environment));
}
