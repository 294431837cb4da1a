import type { BlockLocation, FileStatus, FileSystem } from '#core';
import type { FileSplit } from './file-split.js';

/** So many files are asked about at a time. */
const AT_ONCE = 16;
/** A machine that has less of a split than this is none to read it on. */
const LEAST_SHARE = 0.5;

/**
 * Adds to splits which machines hold them, as a file system tells that knows: one call for each file. That is a hint only: what cannot be
 * found out is left out.
 */
export async function withHosts(
  splits: readonly FileSplit[],
  files: readonly FileStatus[],
  fileSystem: FileSystem,
): Promise<readonly FileSplit[]> {
  if (fileSystem.blockLocations === undefined) return splits;
  const locations = new Map<string, readonly BlockLocation[]>();
  const toAsk = files.map(({ path }) => path);
  const ask = async (): Promise<void> => {
    for (let path = toAsk.shift(); path !== undefined; path = toAsk.shift()) {
      locations.set(path, (await fileSystem.blockLocations?.(path).catch(() => [])) ?? []);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return splits.map((split) => {
    const hosts = hostsOf(split, locations.get(split.path) ?? []);
    return hosts.length === 0 ? split : { ...split, hosts };
  });
}

/** The machines that hold at least half of a split, those with most of it first. */
function hostsOf({ startByte, endByte }: FileSplit, locations: readonly BlockLocation[]): readonly string[] {
  const bytesByHost = new Map<string, number>();
  for (const { offsetBytes, lengthBytes, hosts } of locations) {
    const bytes = Math.min(endByte, offsetBytes + lengthBytes) - Math.max(startByte, offsetBytes);
    if (bytes > 0) for (const host of hosts) bytesByHost.set(host, (bytesByHost.get(host) ?? 0) + bytes);
  }
  const enough = (endByte - startByte) * LEAST_SHARE;
  return [...bytesByHost]
    .filter(([, bytes]) => bytes >= enough)
    .sort(([, a], [, b]) => b - a)
    .map(([host]) => host);
}
