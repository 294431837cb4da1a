import { readFile } from 'node:fs/promises';
import { ConfigurationFileError } from '../errors.js';

/** The text of a file, without byte order mark; `undefined` when there is none. Throws `ConfigurationFileError` when it cannot be read. */
export async function readTextIfPresent(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw new ConfigurationFileError(file, undefined, `cannot be read (${codeOf(error) ?? 'unknown reason'})`, error);
  }
}

/** The text of a file. Throws `ConfigurationFileError` when it is missing or cannot be read. */
export async function readText(file: string): Promise<string> {
  const text = await readTextIfPresent(file);
  if (text === undefined) throw new ConfigurationFileError(file, undefined, 'does not exist');
  return text;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
