import { posix } from 'node:path';
import type { ProjectFile } from '../project.js';
import { readImports } from './imports.js';
import type { Violation } from './rules.js';

/**
 * Finds files that wait for each other at load: a cycle of imports between files, types and `import()` left out.
 * Each cycle is told once, at the import by which a file of it is reached again.
 */
export function findCycles(files: readonly ProjectFile[]): Violation[] {
  const graph = loadGraph(files);
  const done = new Set<string>();
  const path: string[] = [];
  const violations: Violation[] = [];
  const visit = (file: string): void => {
    path.push(file);
    for (const { target, line } of graph.get(file) ?? []) {
      const start = path.indexOf(target);
      if (start >= 0) {
        const cycle = [...path.slice(start), target].join(' -> ');
        violations.push({ path: file, line, message: `closes a cycle of imports: ${cycle}` });
      } else if (!done.has(target)) visit(target);
    }
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) if (!done.has(file)) visit(file);
  return violations;
}

interface Edge {
  readonly target: string;
  readonly line: number;
}

function loadGraph(files: readonly ProjectFile[]): Map<string, Edge[]> {
  const graph = new Map<string, Edge[]>(files.map((file) => [file.path, []]));
  for (const file of files) {
    for (const { specifier, line, atLoad } of readImports(file)) {
      if (!atLoad || !specifier.startsWith('.')) continue;
      const target = posix.join(posix.dirname(file.path), specifier).replace(/\.js$/, '.ts');
      if (graph.has(target)) graph.get(file.path)?.push({ target, line });
    }
  }
  return graph;
}
