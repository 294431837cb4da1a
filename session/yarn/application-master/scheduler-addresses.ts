import type { HadoopConfiguration } from '#conf';
import type { ServerAddress } from '../rpc/open-socket.js';
import { ContainerEnvironmentError } from './errors.js';

const KEY = 'yarn.resourcemanager.scheduler.address';
const PORT = 8030;

/** Where ResourceManagers listen for application masters: one, or with high availability all. Throws `ContainerEnvironmentError`. */
export function schedulerAddresses(hadoop: HadoopConfiguration): readonly [ServerAddress, ...ServerAddress[]] {
  const ids = hadoop.getBoolean('yarn.resourcemanager.ha.enabled', false) ? hadoop.getList('yarn.resourcemanager.ha.rm-ids') : [];
  const suffixes = ids.length === 0 ? [''] : ids.map((id) => `.${id}`);
  const [first, ...others] = suffixes.map((suffix) => addressOf(hadoop, suffix));
  return [first!, ...others];
}

function addressOf(hadoop: HadoopConfiguration, suffix: string): ServerAddress {
  const written = hadoop.get(`${KEY}${suffix}`) ?? `${hadoop.get(`yarn.resourcemanager.hostname${suffix}`) ?? '0.0.0.0'}:${PORT}`;
  const match = /^(.*?)(?::(\d+))?$/.exec(written);
  const host = match?.[1] ?? '';
  if (host === '') throw new ContainerEnvironmentError(`"${KEY}${suffix}" is "${written}", not "host:port"`);
  return { host: host === '0.0.0.0' ? '127.0.0.1' : host, port: Number(match?.[2] ?? PORT) };
}
