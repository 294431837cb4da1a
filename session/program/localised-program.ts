import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { localiseBundle, publicEntryUrl } from '#runtime';
import type { SubmittedProgram } from './submitted-program.js';

/** A program that this process can import. */
export interface LocalisedProgram {
  readonly url: string;
  /** Removes the file; what was imported stays. */
  remove(): Promise<void>;
}

/**
 * Writes a program where it can be imported, its import of `flink-ts` pointing at the running package.
 * The file is gone with the process at the latest.
 */
export async function localiseProgram(program: SubmittedProgram): Promise<LocalisedProgram> {
  const directory = await mkdtemp(join(tmpdir(), 'flink-ts-program-'));
  const path = join(directory, `${basename(program.file)}.mjs`);
  await writeFile(path, localiseBundle(program.text, publicEntryUrl));
  const removeAtExit = (): void => {
    rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', removeAtExit);
  return {
    url: pathToFileURL(path).href,
    remove: async () => {
      process.off('exit', removeAtExit);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
