import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { projectRoot } from './project.js';

/*
 * Runs after the compiler: what processes and threads begin with, in few files instead of some hundred. To find, read and compile modules
 * one by one takes longer than all else that a small job does, and every thread does it anew.
 *
 * The files lie in `dist/bundle`, as deep as the folders of the layers, so that what is found from the place of a module is found from
 * there, too. Those in `dist/containers` hold the packages that they need as well: they go into containers of YARN, where they lie in
 * `dist/bundle`.
 */
const ENTRIES = {
  index: 'index.js',
  cli: 'cli/index.js',
  'script-main': 'session/standalone/scripts/script-main.js',
  'jobmanager-main': 'session/standalone/jobmanager-main.js',
  'taskmanager-main': 'session/standalone/taskmanager-main.js',
  'yarn-application-master': 'session/yarn/application-master/yarn-application-master-main.js',
  'yarn-task-manager': 'session/yarn/task-manager/yarn-task-manager-main.js',
  'yarn-program': 'session/yarn/application-master/yarn-program.js',
  'set-up-slot-thread': 'session/slot-thread/set-up-slot-thread.js',
  'slot-worker': 'runtime/task/slot-worker.js',
  'network-worker': 'runtime/exchange/network/network-worker.js',
} as const;

/** What containers of YARN begin with, and what those begin. */
const CONTAINER_ENTRIES = [
  'index',
  'yarn-application-master',
  'yarn-task-manager',
  'yarn-program',
  'set-up-slot-thread',
  'slot-worker',
  'network-worker',
  'set-up-slot-thread',
] as const;

/** Packages written for CommonJS ask for Node's own modules with `require`. */
const REQUIRE = 'import { createRequire as flinkTsRequire } from "node:module"; const require = flinkTsRequire(import.meta.url);';

const dist = join(projectRoot, 'dist');

async function bundle(folder: string, entries: readonly (keyof typeof ENTRIES)[], packages: BuildOptions): Promise<void> {
  rmSync(join(dist, folder), { recursive: true, force: true });
  await build({
    entryPoints: Object.fromEntries(entries.map((name) => [name, join(dist, ENTRIES[name])])),
    outdir: join(dist, folder),
    absWorkingDir: projectRoot,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
    // Names of classes are in graphs and messages: an unbundled process must see the same.
    keepNames: true,
    // a tenth less time to compile at each start; without, profiles have lines
    minifyWhitespace: !process.argv.includes('--readable'),
    logLevel: 'warning',
    ...packages,
  });
}

await bundle('bundle', Object.keys(ENTRIES) as (keyof typeof ENTRIES)[], { packages: 'external' });
// Without native code of Hadoop, a NodeManager starts a process for every file that it unpacks: thousands of files take a minute.
await bundle('containers', CONTAINER_ENTRIES, { external: ['esbuild'], banner: { js: REQUIRE } });
