import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project.js';

/* Runs after the compiler: takes away what it once made from sources that are gone, so that no deleted test runs again. */
const BUILT = /\.(js|d\.ts)(\.map)?$/;

/** Removes the built files without a source, then the folders left empty; tells whether anything is left. */
function prune(folder: string): boolean {
  let kept = false;
  for (const entry of readdirSync(join(projectRoot, 'dist', folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const source = join(projectRoot, path.replace(BUILT, '.ts'));
    const stays = entry.isDirectory() ? prune(path) : !BUILT.test(path) || existsSync(source);
    if (!stays) rmSync(join(projectRoot, 'dist', path), { recursive: true });
    kept ||= stays;
  }
  return kept;
}

prune('');
