import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The lines of all finished files of a directory, none where nothing is finished; the last one of each must be whole. */
export function linesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  const files = readdirSync(path).filter((name) => !name.startsWith('.'));
  return files.flatMap((name) => readFileSync(join(path, name), 'utf8').split('\n').slice(0, -1));
}
