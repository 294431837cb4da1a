import { posix } from 'node:path';
import type { ProjectFile } from '../project.js';
import { readImports, type ImportSite } from './imports.js';

const ENGINE = ['core', 'conf', 'security', 'api'];
const PARTS = [...ENGINE, 'connectors', 'table', 'runtime'];

/** What each folder may import. There is no list of exceptions. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  conf: ['core'],
  security: ['core', 'conf'],
  api: ['core', 'conf'],
  connectors: ENGINE,
  table: ENGINE,
  runtime: ENGINE,
  web: PARTS,
  session: [...PARTS, 'web'],
  cli: [...PARTS, 'web', 'session'],
};

/** Folders that stand outside the layers: nothing in the layers may import them. */
const OUTSIDE = ['test', 'scripts', 'bench', 'docs'];

/** A place where the code leaves the architecture. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** Checks every import of the files that stand in a layer, and of the examples. */
export function checkImports(files: readonly ProjectFile[]): Violation[] {
  return files.flatMap((file) => {
    const check = ruleFor(file.path);
    return check ? violationsIn(file, check) : [];
  });
}

type Rule = (site: ImportSite, path: string) => string | undefined;

function ruleFor(path: string): Rule | undefined {
  const folder = topFolder(path);
  if (folder === 'examples') return checkExample;
  return folder in MAY_IMPORT ? checkLayer : undefined;
}

function violationsIn(file: ProjectFile, check: Rule): Violation[] {
  return readImports(file).flatMap((site) => {
    const message = check(site, file.path);
    return message === undefined ? [] : [{ path: file.path, line: site.line, message }];
  });
}

function checkLayer(site: ImportSite, path: string): string | undefined {
  const folder = topFolder(path);
  const { specifier } = site;
  if (specifier.startsWith('#')) return checkFolderImport(folder, specifier.slice(1));
  if (/^flink-ts(\/|$)/.test(specifier)) return 'imports the package itself; the layers import each other as "#folder"';
  if (!specifier.startsWith('.')) return undefined;
  const target = posix.join(posix.dirname(path), specifier);
  if (topFolder(target) !== folder) return leavingFolder(folder, target);
  return target === `${folder}/index.js` ? `imports its own index "${specifier}"; import the file that holds what you need` : undefined;
}

function checkFolderImport(folder: string, target: string): string | undefined {
  if (target === folder) return `imports its own index "#${target}"; import the file that holds what you need`;
  if (!(target in MAY_IMPORT)) return `imports "#${target}", which is not a folder of the architecture`;
  if (MAY_IMPORT[folder]?.includes(target)) return undefined;
  return `"${folder}" may not import "#${target}", but ${listOf(MAY_IMPORT[folder] ?? [])}`;
}

function leavingFolder(folder: string, target: string): string | undefined {
  const top = topFolder(target);
  if (target === 'package.json') return undefined;
  if (top in MAY_IMPORT) return `reaches into "${target}"; import "#${top}"`;
  if (OUTSIDE.includes(top)) return `"${folder}" may not import from "${top}", which stands outside the layers`;
  return `leaves its folder for "${target}"`;
}

function checkExample(site: ImportSite): string | undefined {
  const { specifier } = site;
  if (!specifier.startsWith('#') && !specifier.startsWith('..')) return undefined;
  return `imports "${specifier}"; an example imports "flink-ts", as a program of a user does`;
}

function topFolder(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

function listOf(folders: readonly string[]): string {
  return folders.length === 0 ? 'nothing' : folders.map((name) => `"#${name}"`).join(', ');
}
