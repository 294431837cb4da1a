import type { HostAndPort } from '../../../client/http-exchange.js';
import type { ApplicationReport } from '../resource-manager/reports.js';
import { NoJobManagerAddressError } from './errors.js';

/** Where the JobManager of a running application serves REST: as it registered. Throws `NoJobManagerAddressError`. */
export function addressOf({ id, amRPCAddress }: ApplicationReport): HostAndPort {
  const colon = amRPCAddress?.lastIndexOf(':') ?? -1;
  const host = amRPCAddress?.slice(0, Math.max(0, colon)) ?? '';
  const port = Number(amRPCAddress?.slice(colon + 1));
  if (host === '' || !Number.isInteger(port) || port < 1) throw new NoJobManagerAddressError(id, amRPCAddress);
  return { host: host.replace(/^\[|\]$/g, ''), port };
}
