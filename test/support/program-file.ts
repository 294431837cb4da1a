import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The package's public entry, as compiled. */
const PUBLIC_ENTRY = new URL('../../index.js', import.meta.url).href;

/** Writes a program as a file that can be imported, its import of `flink-ts` pointing here; answers its URL. */
export function writeProgram(directory: string, text: string, name = 'program.mjs'): string {
  const path = join(directory, name);
  writeFileSync(path, text.replaceAll("'flink-ts'", JSON.stringify(PUBLIC_ENTRY)));
  return pathToFileURL(path).href;
}
