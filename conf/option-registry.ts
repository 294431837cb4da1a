import type { Option } from './option.js';
import * as addresses from './options/addresses.js';
import * as batch from './options/batch.js';
import * as blobs from './options/blobs.js';
import * as checkpointing from './options/checkpointing.js';
import * as fileSystems from './options/file-systems.js';
import * as highAvailability from './options/high-availability.js';
import * as jobExecution from './options/job-execution.js';
import * as memory from './options/memory.js';
import * as mesos from './options/mesos.js';
import * as network from './options/network.js';
import * as observability from './options/observability.js';
import * as processes from './options/processes.js';
import * as recovery from './options/recovery.js';
import * as security from './options/security.js';
import * as state from './options/state.js';
import * as timeouts from './options/timeouts.js';
import * as web from './options/web.js';
import * as yarn from './options/yarn.js';

/** An option of whatever type. */
export type AnyOption = Option<unknown>;

/** Every option of the cluster, in the order of the documentation. */
export const allOptions: readonly AnyOption[] = [
  addresses,
  web,
  jobExecution,
  memory,
  network,
  fileSystems,
  blobs,
  timeouts,
  processes,
  state,
  checkpointing,
  recovery,
  highAvailability,
  security,
  yarn,
  mesos,
  observability,
  batch,
].flatMap((group) => Object.values<AnyOption>(group));

const byName = new Map<string, AnyOption[]>();
for (const option of allOptions) {
  for (const name of option.names) byName.set(name.key, [...(byName.get(name.key) ?? []), option]);
}
const prefixOptions = allOptions.filter((option) => option.prefix);

/**
 * The options that a key sets: none when it is unknown, and two for the few new names that took over two old ones.
 * An option whose own key it is comes first.
 */
export function optionsFor(key: string): readonly AnyOption[] {
  const named = byName.get(key);
  if (named) return named.toSorted((a, b) => Number(b.key === key) - Number(a.key === key));
  return prefixOptions.filter((option) => option.names.some((name) => key.startsWith(`${name.key}.`)));
}

/** Every name under which an option can be set. */
export function knownKeys(): Iterable<string> {
  return byName.keys();
}
