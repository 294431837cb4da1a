import { homedir, tmpdir, userInfo } from 'node:os';
import type { Environment } from '../configuration-directory.js';
import type { ConfigurationWarning } from '../configuration-warning.js';
import { ConfigurationFileError } from '../errors.js';
import type { KeyValues } from '../types/key-value-map.js';
import { readHadoopFile, type HadoopProperty } from './hadoop-file.js';

/** Where `${…}` in Hadoop files finds its values beside the other properties. */
export interface ExpansionSources {
  /** For `${env.NAME}`; defaults to that of the process. */
  readonly environment?: Environment;
  /** For `${user.name}` and the like; defaults to what Java would have. */
  readonly systemProperties?: KeyValues;
}

/** Old names that clusters still use, and what they became. */
const RENAMED: Readonly<Record<string, string>> = {
  'fs.default.name': 'fs.defaultFS',
  'dfs.block.size': 'dfs.blocksize',
  'dfs.http.address': 'dfs.namenode.http-address',
  'dfs.https.address': 'dfs.namenode.https-address',
  'dfs.federation.nameservices': 'dfs.nameservices',
  'dfs.umaskmode': 'fs.permissions.umask-mode',
  'hadoop.native.lib': 'io.native.lib.available',
};

const VARIABLE = /\$\{([^}${\s]+)\}/;
/** As many nested variables as Hadoop expands. */
const MOST_EXPANSIONS = 20;

function javaSystemProperties(): KeyValues {
  return { 'user.name': userInfo().username, 'user.home': homedir(), 'user.dir': process.cwd(), 'java.io.tmpdir': tmpdir() };
}

/**
 * The merged settings of Hadoop's own files. Later files override earlier ones, save properties that are final.
 * Names are old or new as in the files; `get` takes either.
 */
export class HadoopConfiguration {
  readonly warnings: readonly ConfigurationWarning[];
  readonly #properties = new Map<string, HadoopProperty>();
  readonly #environment: Environment;
  readonly #systemProperties: KeyValues;

  constructor(properties: readonly HadoopProperty[], sources: ExpansionSources = {}) {
    this.#environment = sources.environment ?? process.env;
    this.#systemProperties = sources.systemProperties ?? javaSystemProperties();
    this.warnings = properties.flatMap((property) => this.#merge(property));
  }

  /** Reads files in the order in which they override each other. Throws `ConfigurationFileError`. */
  static async read(files: readonly string[], sources: ExpansionSources = {}): Promise<HadoopConfiguration> {
    return new HadoopConfiguration((await Promise.all(files.map(readHadoopFile))).flat(), sources);
  }

  /** The value of a property, expanded and trimmed. Throws `ConfigurationFileError` for variables that contain each other. */
  get(name: string): string | undefined {
    const property = this.#properties.get(RENAMED[name] ?? name);
    return property && this.#expand(property).trim();
  }

  /** The items of a list separated by commas; empty when there is none. */
  getList(name: string): readonly string[] {
    return (this.get(name) ?? '')
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }

  /** A switch; anything but "true" and "false" counts as not set, as in Hadoop. */
  getBoolean(name: string, otherwise: boolean): boolean {
    const text = this.get(name)?.toLowerCase();
    return text === 'true' || (text !== 'false' && otherwise);
  }

  /** The file that decides a property. */
  fileOf(name: string): string | undefined {
    return this.#properties.get(RENAMED[name] ?? name)?.file;
  }

  /** Names of all properties, the renamed ones under their new names. */
  names(): Iterable<string> {
    return this.#properties.keys();
  }

  #merge(property: HadoopProperty): readonly ConfigurationWarning[] {
    const name = RENAMED[property.name] ?? property.name;
    const before = this.#properties.get(name);
    if (!before?.final) {
      this.#properties.set(name, property);
      return [];
    }
    if (before.value === property.value) return [];
    const message = `${property.file}: "${name}" is not taken, because ${before.file} declares it final`;
    return [{ kind: 'final-property', key: name, file: property.file, message }];
  }

  #expand({ name, value, file }: HadoopProperty): string {
    let text = value;
    for (let step = 0; step < MOST_EXPANSIONS; step++) {
      const variable = VARIABLE.exec(text);
      if (!variable) return text;
      const replacement = this.#variable(variable[1] ?? '');
      if (replacement === undefined) return text; // as Hadoop does: what is unknown stays as written
      text = text.slice(0, variable.index) + replacement + text.slice(variable.index + variable[0].length);
    }
    throw new ConfigurationFileError(file, undefined, `"${name}" has variables nested more than ${MOST_EXPANSIONS} deep: "${value}"`);
  }

  #variable(name: string): string | undefined {
    const environment = /^env\.([^:-]+)(?:(:?-)(.*))?$/.exec(name);
    if (!environment) return this.#systemProperties[name] ?? this.#properties.get(RENAMED[name] ?? name)?.value;
    const [, variable = '', operator, otherwise] = environment;
    const value = this.#environment[variable];
    const missing = value === undefined || (operator === ':-' && value === '');
    return missing ? otherwise : value;
  }
}
