import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { envJavaHome } from '#conf';
import { RuntimeHomeError } from './errors.js';

/** The Node to start processes with: that of `env.java.home`, else the one that runs. Throws {@link RuntimeHomeError}. */
export function runtimeBinary(home: string | undefined): string {
  if (home === undefined || home === '') return process.execPath;
  const path = process.platform === 'win32' ? join(home, 'node.exe') : join(home, 'bin', 'node');
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch (error) {
    throw new RuntimeHomeError(envJavaHome.key, home, path, error);
  }
}
