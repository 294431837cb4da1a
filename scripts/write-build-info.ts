import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from './project.js';

/* Runs before the package is packed: an installed package has no checkout beside it that would tell its commit. */

/** The commit that is checked out; undefined without git, or outside of a checkout. */
export function commitOf(directory: string): string | undefined {
  // A checkout around this directory would tell of something else.
  if (!existsSync(join(directory, '.git'))) return undefined;
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const commit = commitOf(projectRoot);
  writeFileSync(join(projectRoot, 'dist', 'build-info.json'), `${JSON.stringify(commit === undefined ? {} : { commit })}\n`);
}
