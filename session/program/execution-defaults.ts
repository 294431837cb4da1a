import type { ExecutionDefaults } from '#api';
import { type Configuration, isSecretKey, parallelismDefault } from '#conf';

/** What environments of a program start with. Secrets stay behind: the texts travel with the job. */
export function executionDefaults(configuration: Configuration): ExecutionDefaults {
  const entries = configuration
    .rawEntries()
    .filter(({ key }) => !isSecretKey(key))
    .map(({ key, value }) => [key, value]);
  return {
    parallelism: configuration.get(parallelismDefault),
    configuration: Object.fromEntries(entries) as Readonly<Record<string, string>>,
  };
}
