import { extname, join } from 'node:path';
import type { Environment } from '../configuration-directory.js';
import { parseJavaProperties } from '../files/java-properties.js';
import { readTextIfPresent } from '../files/text-file.js';
import { parseLog4j1 } from './log4j1.js';
import { declaredProperties, parseLog4j2 } from './log4j2.js';
import { parseLogback, type LogbackFile } from './logback.js';
import { DEFAULT_LOGGING, type LoadedLogging } from './logging-configuration.js';
import { LoggingDraft } from './logging-draft.js';

/** What a process is, which decides the logging file it reads. */
export type LoggingPurpose = 'daemon' | 'console' | 'client' | 'yarn-session';

export interface LoggingOptions {
  /** Value of `${log.file}`; without it, appenders that write there are left out. */
  readonly logFile?: string;
  /** Defaults to that of the process. */
  readonly environment?: Environment;
}

/** In the order of preference: the file of the purpose, then the common one; log4j before logback, as Flink ships it. */
const FILES: Readonly<Record<LoggingPurpose, readonly string[]>> = {
  daemon: ['log4j.properties', 'logback.xml'],
  console: ['log4j-console.properties', 'logback-console.xml', 'log4j.properties', 'logback.xml'],
  client: ['log4j-cli.properties', 'log4j.properties', 'logback.xml'],
  'yarn-session': ['log4j-yarn-session.properties', 'logback-yarn.xml', 'log4j.properties', 'logback.xml'],
};

/** Reads the logging file that counts for a process; without one, {@link DEFAULT_LOGGING}. Throws `ConfigurationFileError`. */
export async function loadLogging(
  directory: string | undefined,
  purpose: LoggingPurpose,
  options: LoggingOptions = {},
): Promise<LoadedLogging> {
  for (const name of directory === undefined ? [] : FILES[purpose]) {
    const file = join(directory ?? '', name);
    const text = await readTextIfPresent(file);
    if (text !== undefined) return parseLogging(text, file, options);
  }
  return { logging: DEFAULT_LOGGING, warnings: [], file: undefined };
}

/** Reads a logging file: logback when it ends in `.xml`, else properties of log4j 1 or 2. Throws `ConfigurationFileError`. */
export async function parseLogging(text: string, file: string, options: LoggingOptions = {}): Promise<LoadedLogging> {
  const { declared, loggers, appenders } = extname(file) === '.xml' ? await parseLogback(text, file) : parseProperties(text);
  const systemProperties: Readonly<Record<string, string>> = options.logFile === undefined ? {} : { 'log.file': options.logFile };
  return new LoggingDraft(file, { systemProperties, environment: options.environment ?? process.env, declared }).finish(loggers, appenders);
}

function parseProperties(text: string): LogbackFile {
  const properties = parseJavaProperties(text);
  const first = [...properties.keys()].some((key) => key.startsWith('log4j.'));
  return first
    ? { ...parseLog4j1(properties), declared: properties }
    : { ...parseLog4j2(properties), declared: declaredProperties(properties) };
}
