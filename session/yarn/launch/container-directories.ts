import { blobStorageDirectory, type Configuration, type KeyValues, taskManagerTmpDirs, webTmpdir } from '#conf';
import { directoriesOf, type ProcessEnvironment } from './container-surroundings.js';

/** Has a process keep its files where YARN wants those of a container, and removes them; what the configuration says, stays. */
export function inContainerDirectories(configuration: Configuration, environment: ProcessEnvironment): Configuration {
  const directories = directoriesOf(environment['LOCAL_DIRS']);
  const [first] = directories;
  if (first === undefined) return configuration;
  const wanted: KeyValues = {
    ...(configuration.isSet(taskManagerTmpDirs) ? {} : { [taskManagerTmpDirs.key]: directories.join(',') }),
    ...(configuration.isSet(blobStorageDirectory) ? {} : { [blobStorageDirectory.key]: first }),
    ...(configuration.isSet(webTmpdir) ? {} : { [webTmpdir.key]: first }),
  };
  return configuration.with(wanted);
}
