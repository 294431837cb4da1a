import { type Configuration, executionTarget, type KeyValues, yarnApplicationId } from '#conf';
import { type FoundSession, propertiesFilePath, readPropertiesFile } from '#session';
import type { ParsedAction } from '../arguments/parse-action.js';

/** The only y-option beside which the properties file counts. */
const DETACHED = 'yarndetached';

/**
 * The session that the properties file tells of, unless the command line says itself where to go: with `-m`, `-t`, or a y-option other
 * than `-yd`. Throws `YarnPropertiesFileError`.
 */
export async function findSession(parsed: ParsedAction, configuration: Configuration): Promise<FoundSession | undefined> {
  if (parsed.value('jobmanager') !== undefined) return undefined;
  if (parsed.given.some((name) => name.startsWith('yarn') && name !== DETACHED)) return undefined;
  const target = configuration.get(executionTarget);
  if (target !== undefined && target !== 'yarn-session') return undefined;
  if (configuration.get(yarnApplicationId) !== undefined) return undefined;
  return await readPropertiesFile(propertiesFilePath(configuration));
}

/** What a session says of the configuration of later commands. */
export function sessionValues({ parallelism, dynamicProperties }: FoundSession): KeyValues {
  return { ...dynamicProperties, ...(parallelism === undefined ? {} : { 'parallelism.default': String(parallelism) }) };
}

/** What a user hears when a session was found. */
export function sessionLines({ file, parallelism }: FoundSession): readonly string[] {
  const found = `Found YARN properties file ${file}`;
  return parallelism === undefined ? [found] : [found, `YARN properties set default parallelism to ${parallelism}`];
}
