import type { HadoopConfiguration } from '#conf';

const HTTP_PORT = 8088;
const HTTPS_PORT = 8090;
/** What Hadoop has when its files name no ResourceManager. */
const ANY_HOST = '0.0.0.0';

/** Where the ResourceManagers of a cluster serve REST. */
export interface ResourceManagerAddresses {
  /** One, or with high availability each, as `http://host:port`. */
  readonly urls: readonly string[];
  /** Hadoop's files name none, so the ones here are a guess: this machine. */
  readonly unnamed: boolean;
}

/** Reads the addresses from Hadoop's files: with high availability those of `yarn.resourcemanager.ha.rm-ids`. */
export function resourceManagerAddresses(hadoop: HadoopConfiguration): ResourceManagerAddresses {
  const ids = hadoop.getBoolean('yarn.resourcemanager.ha.enabled', false) ? hadoop.getList('yarn.resourcemanager.ha.rm-ids') : [];
  const suffixes = ids.length === 0 ? [''] : ids.map((id) => `.${id}`);
  const found = suffixes.map((suffix) => addressOf(hadoop, suffix));
  return { urls: found.map(({ url }) => url), unnamed: found.every(({ named }) => !named) };
}

function addressOf(hadoop: HadoopConfiguration, suffix: string): { readonly url: string; readonly named: boolean } {
  const secure = hadoop.get('yarn.http.policy') === 'HTTPS_ONLY';
  const key = secure ? 'yarn.resourcemanager.webapp.https.address' : 'yarn.resourcemanager.webapp.address';
  const hostName = hadoop.get(`yarn.resourcemanager.hostname${suffix}`) ?? ANY_HOST;
  const written = hadoop.get(`${key}${suffix}`) ?? `${hostName}:${secure ? HTTPS_PORT : HTTP_PORT}`;
  const colon = written.lastIndexOf(':');
  const [host, port] = colon < 0 ? [written, String(secure ? HTTPS_PORT : HTTP_PORT)] : [written.slice(0, colon), written.slice(colon + 1)];
  const named = host !== ANY_HOST && host !== '';
  return { url: `${secure ? 'https' : 'http'}://${named ? host : '127.0.0.1'}:${port}`, named };
}
