import type { ConfigurationJson } from '#conf';
import { fileSystems } from '#core';
import { registerHdfs } from './hdfs/register.js';

/**
 * Makes the file systems beside `file` known to this process, or thread, as the configuration has them. To be called once at its start,
 * which it does not delay: nothing is loaded, or connected to, before a path needs it.
 */
export function registerFileSystems(configuration: ConfigurationJson): void {
  registerHdfs(fileSystems, configuration);
}
