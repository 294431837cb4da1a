import { isAbsolute, resolve } from 'node:path';
import { splitPath } from '#core';
import { type Configuration, executionSavepointPath, fsDefaultScheme } from '#conf';

/**
 * A path as whoever typed it means it: a relative one is looked for from where the client runs, not from where the cluster does. Paths
 * with a scheme stay as they are, and where a default scheme is set that is not the local one relative paths are that file system's.
 */
export function typedPath(path: string, configuration: Configuration): string {
  const { scheme } = splitPath(path);
  const standard = splitPath(configuration.get(fsDefaultScheme)).scheme ?? 'file';
  return scheme === undefined && standard === 'file' && path !== '' && !isAbsolute(path) ? resolve(path) : path;
}

/** The same, of the directory of a savepoint that is to be made, which may not be given. */
export function typedDirectory(path: string | undefined, configuration: Configuration): string | undefined {
  return path === undefined ? undefined : typedPath(path, configuration);
}

/** The configuration with the savepoint that a job begins from as {@link typedPath} has it. */
export function withTypedSavepoint(configuration: Configuration): Configuration {
  const found = configuration.find(executionSavepointPath);
  if (found === undefined) return configuration;
  const path = typedPath(found.entry.value, configuration);
  return path === found.entry.value ? configuration : configuration.withEntries([{ ...found.entry, value: path }]);
}
