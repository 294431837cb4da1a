import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { UnusableTempDirError } from './errors.js';

/** Checks that every directory is there and can be written to. Throws {@link UnusableTempDirError}, naming it and the option's key. */
export async function checkTempDirectories(directories: readonly string[], key: string): Promise<void> {
  for (const directory of directories) {
    const problem = await problemOf(directory);
    if (problem !== undefined) throw new UnusableTempDirError(directory, key, problem);
  }
}

async function problemOf(directory: string): Promise<string | undefined> {
  try {
    if (!(await stat(directory)).isDirectory()) return 'is not a directory';
  } catch {
    return 'does not exist';
  }
  try {
    await access(directory, constants.W_OK | constants.X_OK);
    return undefined;
  } catch {
    return 'cannot be written to';
  }
}
