import { statSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BuildFailure, BuildOptions, Message } from 'esbuild';
import { FileNotFoundError, fileSystems } from '#core';
import { checkExports } from './entry.js';
import { ClasspathError, type CompileProblem, ProgramCompileError, ProgramFileKindError, ProgramFileNotFoundError } from './errors.js';
import { RemoteModules } from './remote-modules.js';
import { keepPublicEntry, preferInstalledPackages } from './resolution.js';
import { type SubmittedProgram, submittedProgram } from './submitted-program.js';

/** How a program finds the packages that flink-ts also ships: its own version, or flink-ts's. */
export type ResolveOrder = 'child-first' | 'parent-first';

export interface BundleOptions {
  /** Conditions of package exports beside those of Node. */
  readonly conditions?: readonly string[];
  /** Packages left out of the bundle: they must be installed beside flink-ts on every node. */
  readonly externals?: readonly string[];
  /** More directories of modules (`-C`): paths, or `file:` URLs. */
  readonly classpath?: readonly string[];
  readonly resolveOrder?: ResolveOrder;
  /** What the program has to export, to be called as its `main`. */
  readonly entry?: string | undefined;
}

const PROGRAM_KINDS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx'];

/** CommonJS packages call `require` for what Node ships; a module has none of its own. */
const REQUIRE_BANNER =
  'import { createRequire as flinkTsCreateRequire } from "node:module"; globalThis.require ??= flinkTsCreateRequire(import.meta.url);';

/**
 * Bundles a program and the npm packages it imports into one ESM file with source map and sources; `flink-ts` itself stays outside. The
 * program, what it imports by relative paths, and directories of modules may lie in HDFS.
 *
 * Throws: `ProgramFileNotFoundError`, `ProgramFileKindError`, `ProgramCompileError`, `ClasspathError`, `EntryNotFoundError` (user); for
 * HDFS `FileSystemError`.
 */
export async function bundleProgram(file: string, options: BundleOptions = {}): Promise<SubmittedProgram> {
  const { classpath = [] } = options;
  if (![file, ...classpath].some((path) => fileSystems.isRemote(path))) return await bundle(file, resolve(file), options);
  const modules = await RemoteModules.create();
  try {
    const path = fileSystems.isRemote(file) ? await fetchProgram(modules, file) : resolve(file);
    const fetched = await Promise.all(
      classpath.map(async (entry) => (fileSystems.isRemote(entry) ? await fetchModules(modules, entry) : entry)),
    );
    const here = [join(process.cwd(), 'node_modules')].filter(isDirectory);
    return await bundle(file, path, { ...options, classpath: [...fetched, ...here] }, modules);
  } finally {
    await modules.remove();
  }
}

async function fetchProgram(modules: RemoteModules, file: string): Promise<string> {
  try {
    return await modules.fetch(file);
  } catch (error) {
    throw error instanceof FileNotFoundError ? new ProgramFileNotFoundError(file) : error;
  }
}

async function fetchModules(modules: RemoteModules, entry: string): Promise<string> {
  try {
    return await modules.fetchDirectory(entry);
  } catch (error) {
    throw error instanceof FileNotFoundError ? new ClasspathError(entry, 'there is no such directory') : error;
  }
}

async function bundle(file: string, path: string, options: BundleOptions, modules?: RemoteModules): Promise<SubmittedProgram> {
  checkFile(path, file);
  const buildOptions = esbuildOptions(path, options, modules);
  const { build } = await import('esbuild');
  try {
    const { outputFiles, metafile } = await build({ ...buildOptions, write: false, metafile: true });
    const text = outputFiles[0]?.text ?? '';
    const exported = Object.values(metafile.outputs).flatMap((output) => output.exports);
    if (options.entry !== undefined) checkExports({ text, exported }, file, options.entry);
    return submittedProgram(text, file);
  } catch (error) {
    if (isBuildFailure(error)) {
      throw new ProgramCompileError(error.errors.map((message) => toProblem(message, file, dirname(path), modules)));
    }
    throw error;
  }
}

/** Starts the bundler, so that it is up when it is needed. Failures show when it is used. */
export function warmUpBundler(): void {
  import('esbuild').then(({ transform }) => transform('')).catch(() => undefined);
}

function checkFile(path: string, file: string): void {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status) throw new ProgramFileNotFoundError(file);
  if (!status.isFile()) throw new ProgramFileKindError(file, 'is not a file');
  if (extname(path) === '.jar') throw new ProgramFileKindError(file, 'is a Java archive, which flink-ts cannot run');
  if (!PROGRAM_KINDS.includes(extname(path))) throw new ProgramFileKindError(file, 'is not a program that flink-ts knows');
}

function esbuildOptions(path: string, options: BundleOptions, modules: RemoteModules | undefined): BuildOptions {
  const directory = dirname(path);
  return {
    entryPoints: [path],
    absWorkingDir: directory,
    // Not written: only the place from which the paths in the source map are counted.
    outfile: join(directory, `${basename(path)}.bundle.mjs`),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    sourceRoot: `${modules?.uriOf(directory) ?? pathToFileURL(directory).href}/`,
    sourcesContent: true,
    logLevel: 'silent',
    conditions: [...(options.conditions ?? [])],
    external: [...(options.externals ?? [])],
    nodePaths: (options.classpath ?? []).flatMap(modulePaths),
    define: { __filename: 'import.meta.filename', __dirname: 'import.meta.dirname' },
    banner: { js: REQUIRE_BANNER },
    plugins: [
      keepPublicEntry,
      ...(modules === undefined ? [] : [modules.plugin]),
      ...(options.resolveOrder === 'parent-first' ? [preferInstalledPackages] : []),
    ],
  };
}

function modulePaths(entry: string): string[] {
  const path = classpathDirectory(entry);
  if (!isDirectory(path)) throw new ClasspathError(entry, 'there is no such directory');
  return [path, join(path, 'node_modules')];
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function classpathDirectory(entry: string): string {
  if (!/^[a-z][a-z0-9+.-]+:/i.test(entry)) return resolve(entry);
  if (!entry.startsWith('file:')) {
    throw new ClasspathError(entry, `known are ${fileSystems.schemes.map((scheme) => `${scheme}:`).join(' and ')}`);
  }
  try {
    return fileURLToPath(entry);
  } catch {
    throw new ClasspathError(entry, 'not a file: URL of this machine');
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

function toProblem({ text, location }: Message, program: string, directory: string, modules?: RemoteModules): CompileProblem {
  if (!location) return { file: program, line: 1, column: 1, text, lineText: '' };
  const path = resolve(directory, location.file);
  const fromHere = relative(process.cwd(), path);
  return {
    file: modules?.uriOf(path) ?? (fromHere.startsWith('..') ? path : fromHere),
    line: location.line,
    column: location.column + 1,
    text,
    lineText: location.lineText,
  };
}
