import { join } from 'node:path';
import { FLAT_FILE, findConfigurationDirectory, YAML_FILE, type DirectoryLookup } from './configuration-directory.js';
import { Configuration, type ConfigurationEntry } from './configuration.js';
import type { ConfigurationWarning } from './configuration-warning.js';
import { parseFlatFile, type FileContent } from './files/flat-file.js';
import { readTextIfPresent } from './files/text-file.js';
import { parseYamlFile } from './files/yaml-file.js';
import { reviewConfiguration } from './review.js';
import type { KeyValues } from './types/key-value-map.js';

/** What is laid over the configuration file, the weakest first. */
export interface ConfigurationLayers {
  /** Properties that the client noted when it started the session. */
  readonly sessionProperties?: { readonly file: string; readonly values: KeyValues };
  /** Options that flags of the command line stand for, such as `-p`. */
  readonly flags?: readonly { readonly flag: string; readonly key: string; readonly value: string }[];
  /** `-Dkey=value`, the strongest. */
  readonly dynamicProperties?: KeyValues;
}

export type LoadOptions = DirectoryLookup & ConfigurationLayers;

export interface LoadedConfiguration {
  readonly configuration: Configuration;
  /** For the caller to log. */
  readonly warnings: readonly ConfigurationWarning[];
  /** The configuration directory, if there is one. */
  readonly directory: string | undefined;
}

/**
 * Finds and reads the configuration file and lays session properties, flags and `-D` over it.
 *
 * Throws: `ConfigurationDirectoryError` (named, but missing), `ConfigurationFileError` (unreadable, or not YAML). Broken lines, old and
 * unknown keys and the like only warn.
 */
export async function loadConfiguration(options: LoadOptions = {}): Promise<LoadedConfiguration> {
  const directory = await findConfigurationDirectory(options);
  const file = directory === undefined ? NOTHING : await readConfigurationFile(directory);
  const configuration = applyLayers(Configuration.empty.withEntries(file.entries), options);
  return { configuration, warnings: [...file.warnings, ...reviewConfiguration(configuration)], directory };
}

const NOTHING: FileContent = { entries: [], warnings: [] };

/** Reads `flink-conf.yaml`, or where there is none, `config.yaml`. */
export async function readConfigurationFile(directory: string): Promise<FileContent> {
  const flatFile = join(directory, FLAT_FILE);
  const yamlFile = join(directory, YAML_FILE);
  const [flat, yaml] = await Promise.all([readTextIfPresent(flatFile), readTextIfPresent(yamlFile)]);
  if (flat === undefined) return yaml === undefined ? NOTHING : parseYamlFile(yaml, yamlFile);
  const content = parseFlatFile(flat, flatFile);
  return yaml === undefined ? content : { ...content, warnings: [...content.warnings, ignored(yamlFile, flatFile)] };
}

/** Lays session properties, then flags, then `-D` over a configuration. */
export function applyLayers(base: Configuration, layers: ConfigurationLayers): Configuration {
  const { sessionProperties, flags = [], dynamicProperties = {} } = layers;
  const flagEntries = flags.map(({ flag, key, value }): ConfigurationEntry => ({ key, value, origin: { layer: 'command-line', flag } }));
  const session = sessionProperties
    ? base.with(sessionProperties.values, { layer: 'session-properties', file: sessionProperties.file })
    : base;
  return session.withEntries(flagEntries).with(dynamicProperties, { layer: 'dynamic-property', flag: '-D' });
}

function ignored(file: string, inFavourOf: string): ConfigurationWarning {
  return { kind: 'ignored-file', file, message: `${file} is not read, because ${inFavourOf} exists` };
}
