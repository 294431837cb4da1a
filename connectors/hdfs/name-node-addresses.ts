import type { HadoopConfiguration } from '#conf';
import { HdfsAddressError, unresolvedAuthority } from './errors.js';

const DEFAULT_HTTP_PORT = '9870';
const DEFAULT_HTTPS_PORT = '9871';

/** Where the NameNodes of one `hdfs://` authority answer. */
export interface NameNodeAddresses {
  /** Base addresses such as `http://nn1:9870`: one, or those of a name service. */
  readonly pages: readonly string[];
  /** What URIs of this file system begin with, the default one's host filled in: `hdfs://ns1`. */
  readonly root: string;
}

/**
 * Finds the NameNodes of `hdfs://<authority>`: a name service of the configuration, or the host and RPC port of one NameNode. An empty
 * authority stands for that of `fs.defaultFS`. Throws {@link HdfsAddressError}.
 */
export function nameNodeAddresses(hadoop: HadoopConfiguration, authority: string): NameNodeAddresses {
  const chosen = authority === '' ? defaultAuthority(hadoop) : authority;
  const services = [...hadoop.getList('dfs.nameservices'), ...hadoop.getList('dfs.internal.nameservices')];
  const ids = hadoop.getList(`dfs.ha.namenodes.${chosen}`);
  if (ids.length > 0) return { root: `hdfs://${chosen}`, pages: ids.map((id) => pageOf(hadoop, chosen, `.${chosen}.${id}`)) };
  if (services.includes(chosen)) return { root: `hdfs://${chosen}`, pages: [pageOf(hadoop, chosen, `.${chosen}`)] };
  return { root: `hdfs://${chosen}`, pages: [pageByRpcAddress(hadoop, chosen)] };
}

function defaultAuthority(hadoop: HadoopConfiguration): string {
  const value = hadoop.get('fs.defaultFS');
  const missing =
    'The given file system URI (hdfs:///) did not describe the authority (like for example HDFS NameNode address/port or S3 host). ' +
    'The attempt to use a configured default authority failed: ';
  if (value === undefined || value === '') {
    throw new HdfsAddressError(`${missing}Hadoop configuration did not contain an entry for the default file system ('fs.defaultFS').`);
  }
  const match = /^(?:hdfs|webhdfs):\/\/([^/]+)/.exec(value);
  if (match?.[1] !== undefined) return match[1];
  throw new HdfsAddressError(
    `${missing}Hadoop's configuration for default file system ('fs.defaultFS') contains no valid authority component ` +
      '(like hdfs namenode, S3 host, etc)',
  );
}

/** A name without a port that stands for no host we were told of may still be a host. */
function isName(authority: string, hadoop: HadoopConfiguration): boolean {
  return !authority.includes(':') && !authority.includes('.') && authority !== 'localhost' && hadoop.getList('dfs.nameservices').length > 0;
}

/** The web address that belongs to a suffix of keys (`.ns1.nn1`); the host is the RPC address's when only that is given. */
function pageOf(hadoop: HadoopConfiguration, authority: string, suffix: string): string {
  const secure = isSecure(hadoop);
  const [kind, port] = secure ? ['https', DEFAULT_HTTPS_PORT] : ['http', DEFAULT_HTTP_PORT];
  const rpc = hadoop.get(`dfs.namenode.rpc-address${suffix}`);
  const http = hadoop.get(`dfs.namenode.${kind}-address${suffix}`);
  const host = hostOf(http) ?? hostOf(rpc);
  if (host === undefined) {
    throw new HdfsAddressError(unresolvedAuthority(authority), `dfs.namenode.${kind}-address${suffix}`);
  }
  return `${kind}://${host}:${portOf(http) ?? port}`;
}

/** A NameNode that the configuration knows by this RPC address tells its web address too; of any other, the port is the usual one. */
function pageByRpcAddress(hadoop: HadoopConfiguration, authority: string): string {
  const key = [...hadoop.names()].find((name) => name.startsWith('dfs.namenode.rpc-address') && sameAddress(hadoop.get(name), authority));
  if (key !== undefined) return pageOf(hadoop, authority, key.slice('dfs.namenode.rpc-address'.length));
  if (isName(authority, hadoop)) throw new HdfsAddressError(unresolvedAuthority(authority), `dfs.ha.namenodes.${authority}`);
  const secure = isSecure(hadoop);
  const own = hadoop.get(`dfs.namenode.${secure ? 'https' : 'http'}-address`);
  const isDefault = sameAddress(/^hdfs:\/\/([^/]+)/.exec(hadoop.get('fs.defaultFS') ?? '')?.[1], authority);
  const port = (isDefault ? portOf(own) : undefined) ?? (secure ? DEFAULT_HTTPS_PORT : DEFAULT_HTTP_PORT);
  const host = (isDefault ? hostOf(own) : undefined) ?? hostOf(authority) ?? authority;
  return `${secure ? 'https' : 'http'}://${host}:${port}`;
}

function isSecure(hadoop: HadoopConfiguration): boolean {
  return hadoop.get('dfs.http.policy')?.toUpperCase() === 'HTTPS_ONLY';
}

function sameAddress(one: string | undefined, other: string): boolean {
  const withPort = (address: string): string => (portOf(address) === undefined ? `${address}:8020` : address);
  return one !== undefined && withPort(one).toLowerCase() === withPort(other).toLowerCase();
}

/** Undefined for an address that says "every interface", which is none to connect to. */
function hostOf(address: string | undefined): string | undefined {
  const host = address && /^(\[[^\]]*\]|[^:]*)/.exec(address)?.[1];
  return host === undefined || host === '' || host === '0.0.0.0' ? undefined : host;
}

function portOf(address: string | undefined): string | undefined {
  return address && /:(\d+)$/.exec(address)?.[1];
}
