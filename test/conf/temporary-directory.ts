import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Files by relative path. */
export type Files = Readonly<Record<string, string>>;

/** Runs `action` with the path of a directory that holds `files`, and removes it afterwards. */
export async function withFiles<T>(files: Files, action: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'flink-ts-conf-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
    return await action(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The error that `action` ends with. */
export async function failureOf(action: () => unknown): Promise<Error> {
  try {
    await action();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
