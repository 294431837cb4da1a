import { readFile } from 'node:fs/promises';
import { LogNotFoundError } from './errors.js';

/** Reads a log of a process on this machine. Throws {@link LogNotFoundError}. */
export async function readLogFile(path: string | undefined, what: string): Promise<Buffer> {
  if (path === undefined) throw new LogNotFoundError(what, 'is not written to a file');
  try {
    return await readFile(path);
  } catch {
    throw new LogNotFoundError(what, `cannot be read from "${path}" on this host`);
  }
}
