import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from './project.js';

/*
 * Runs after the compiler: what processes and threads begin with, in few files instead of some hundred. To find, read and compile modules
 * one by one takes longer than all else that a small job does, and every thread does it anew.
 *
 * The files lie in `dist/bundle`, as deep as the folders of the layers, so that what is found from the place of a module is found from
 * there, too.
 */
const ENTRIES = {
  index: 'index.js',
  cli: 'cli/index.js',
  'script-main': 'session/standalone/scripts/script-main.js',
  'set-up-slot-thread': 'session/slot-thread/set-up-slot-thread.js',
  'slot-worker': 'runtime/task/slot-worker.js',
  'network-worker': 'runtime/exchange/network/network-worker.js',
} as const;

const dist = join(projectRoot, 'dist');
rmSync(join(dist, 'bundle'), { recursive: true, force: true });
await build({
  entryPoints: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, join(dist, file)])),
  outdir: join(dist, 'bundle'),
  absWorkingDir: projectRoot,
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: 'linked',
  sourcesContent: false,
  // Names of classes are in graphs and messages: an unbundled process must see the same.
  keepNames: true,
  logLevel: 'warning',
});
