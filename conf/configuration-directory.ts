import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationDirectoryError } from './errors.js';

/** Variables of the environment, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

export const FLAT_FILE = 'flink-conf.yaml';
export const YAML_FILE = 'config.yaml';

/** Where the configuration directory is looked for. */
export interface DirectoryLookup {
  /** Named on the command line: wins, and has to exist. */
  readonly directory?: string;
  /** Defaults to that of the process. */
  readonly environment?: Environment;
  /** Root of the installation; defaults to the one this module is part of. */
  readonly installation?: string;
  /** Defaults to the working directory of the process. */
  readonly workingDirectory?: string;
}

const OWN_INSTALLATION = fileURLToPath(new URL('../..', import.meta.url));

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function hasConfiguration(directory: string): Promise<boolean> {
  return (await exists(join(directory, FLAT_FILE))) || (await exists(join(directory, YAML_FILE)));
}

async function namedDirectory(directory: string, namedBy: string): Promise<string> {
  if (!(await exists(directory))) throw new ConfigurationDirectoryError(directory, namedBy, 'does not exist');
  if (!(await hasConfiguration(directory))) {
    throw new ConfigurationDirectoryError(directory, namedBy, `has no "${FLAT_FILE}" and no "${YAML_FILE}"`);
  }
  return directory;
}

/**
 * The configuration directory: the one named on the command line, else by `FLINK_CONF_DIR`, else `conf` of the installation, else `conf` of
 * the working directory; `undefined` when there is none. A named one has to exist: throws `ConfigurationDirectoryError`.
 */
export async function findConfigurationDirectory(lookup: DirectoryLookup = {}): Promise<string | undefined> {
  const workingDirectory = lookup.workingDirectory ?? process.cwd();
  if (lookup.directory !== undefined) return namedDirectory(resolve(workingDirectory, lookup.directory), '"--configDir"');
  const fromEnvironment = (lookup.environment ?? process.env)['FLINK_CONF_DIR'];
  if (fromEnvironment) return namedDirectory(resolve(workingDirectory, fromEnvironment), 'FLINK_CONF_DIR');
  for (const parent of [lookup.installation ?? OWN_INSTALLATION, workingDirectory]) {
    const directory = resolve(parent, 'conf');
    if (await hasConfiguration(directory)) return directory;
  }
  return undefined;
}
