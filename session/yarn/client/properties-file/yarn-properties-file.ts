import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { type Configuration, type KeyValues, parseJavaProperties, yarnPropertiesFileLocation } from '#conf';
import { joinDynamicProperties, splitDynamicProperties } from '../../launch/dynamic-properties.js';
import { isApplicationId } from '../application-id.js';
import { YarnPropertiesFileError } from './errors.js';
import { javaDate, writeJavaProperties } from './write-java-properties.js';

const APPLICATION_ID = 'applicationID';
const PARALLELISM = 'parallelism';
const DYNAMIC_PROPERTIES = 'dynamicPropertiesString';

/** What the client notes of the session it started last, so that later commands find it. */
export interface NotedSession {
  readonly applicationId: string;
  /** All slots together; undefined when TaskManagers come on demand. */
  readonly parallelism: number | undefined;
  /** `-D` of the session. */
  readonly dynamicProperties: KeyValues;
}

/** What a file says, with the place where it was found. */
export interface FoundSession extends NotedSession {
  readonly file: string;
}

/** `<yarn.properties-file.location>/.yarn-properties-<user>`, the same place as Flink's. */
export function propertiesFilePath(configuration: Configuration): string {
  return join(configuration.get(yarnPropertiesFileLocation), `.yarn-properties-${userInfo().username}`);
}

/** Notes a session in place of the one before; everybody may read it. */
export async function writePropertiesFile(file: string, session: NotedSession, nowMs: number): Promise<void> {
  const properties = new Map([
    ...(session.parallelism === undefined ? [] : ([[PARALLELISM, String(session.parallelism)]] as const)),
    [DYNAMIC_PROPERTIES, joinDynamicProperties(session.dynamicProperties)],
    [APPLICATION_ID, session.applicationId],
  ]);
  const text = writeJavaProperties(properties, ['Generated YARN properties file', javaDate(nowMs)]);
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text, { mode: 0o644 });
  await chmod(draft, 0o644);
  await rename(draft, file);
}

/** Answers undefined when there is none. Throws `YarnPropertiesFileError` for a file that does not tell an application. */
export async function readPropertiesFile(file: string): Promise<FoundSession | undefined> {
  const text = await textOf(file);
  if (text === undefined) return undefined;
  const properties = parseJavaProperties(text);
  const applicationId = properties.get(APPLICATION_ID)?.trim() ?? '';
  if (applicationId === '') {
    const problem = "Yarn properties file found but doesn't contain a Yarn application id.";
    throw new YarnPropertiesFileError(file, `${problem} Please delete the file at ${file}`);
  }
  if (!isApplicationId(applicationId)) {
    const problem = `YARN properties contains an invalid entry for application id: ${applicationId}`;
    throw new YarnPropertiesFileError(file, `${problem} (${file})`);
  }
  const dynamicProperties = splitDynamicProperties(properties.get(DYNAMIC_PROPERTIES) ?? '');
  return { file, applicationId, parallelism: parallelismOf(file, properties.get(PARALLELISM)), dynamicProperties };
}

/** Removes the file if it still tells of this application: another session may have been noted since. */
export async function removePropertiesFile(file: string, applicationId: string): Promise<void> {
  const text = await textOf(file);
  if (text === undefined || parseJavaProperties(text).get(APPLICATION_ID)?.trim() !== applicationId) return;
  await rm(file, { force: true });
}

function parallelismOf(file: string, text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const parallelism = Number(text);
  if (Number.isSafeInteger(parallelism) && parallelism > 0) return parallelism;
  throw new YarnPropertiesFileError(file, `YARN properties contains an invalid entry for parallelism: ${text} (${file})`);
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'latin1');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new YarnPropertiesFileError(file, `cannot read the YARN properties file at ${file}: ${reason}`, error);
  }
}
