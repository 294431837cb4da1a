import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this script was built from: dist/scripts/project.js is two folders below it. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** A file of the checkout: its path from the root, with forward slashes, and its text. */
export interface ProjectFile {
  readonly path: string;
  readonly text: string;
}

const OUTSIDE = new Set(['node_modules', 'dist', 'docs', 'coverage', 'fixtures']);

/** Every TypeScript file of the project, sorted by path; compiled output, dependencies and test fixtures are left out. */
export function readSources(root: string = projectRoot): ProjectFile[] {
  const files: ProjectFile[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || OUTSIDE.has(entry.name)) continue;
      const file = join(folder, entry.name);
      const path = relative(root, file).split(sep).join('/');
      if (entry.isDirectory()) visit(file);
      else if (entry.name.endsWith('.ts')) files.push({ path, text: readFileSync(file, 'utf8') });
    }
  };
  visit(root);
  return files.sort((left, right) => (left.path < right.path ? -1 : 1));
}
