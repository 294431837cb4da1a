import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { splitPath } from '#core';

const PACKAGE = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Where files of ours lie beside packages: source maps name those that were compiled. Examples are programs like any other. */
const OWN = [
  'dist',
  'bin',
  'core',
  'conf',
  'security',
  'api',
  'connectors',
  'table',
  'runtime',
  'web',
  'session',
  'cli',
  'test',
  'index.ts',
].map((name) => join(PACKAGE, name));
const FRAME = /^\s+at (?:.*\()?((?:[a-z]{2,}:\/\/|\/|[A-Za-z]:\\)[^()]*?):(\d+):(\d+)\)?$/;

/** The innermost line of a stack trace that belongs to the user's program: `src/job.ts:12:9`, seen from the working directory. */
export function firstUserFrame(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  for (const line of error.stack?.split('\n') ?? []) {
    const match = FRAME.exec(line);
    const path = match?.[1] === undefined ? undefined : pathOf(match[1]);
    if (path !== undefined && isUsers(path)) return `${shown(path)}:${match?.[2] ?? ''}:${match?.[3] ?? ''}`;
  }
  return undefined;
}

function pathOf(place: string): string | undefined {
  if (!place.startsWith('file:')) return place;
  try {
    return fileURLToPath(place);
  } catch {
    return undefined; // A URL of another machine, or of no file.
  }
}

/** Our own files in a container of YARN. */
const IN_CONTAINER = /[\\/]flink-ts-[0-9a-f]+\.tgz[\\/]/;

function isUsers(path: string): boolean {
  if (IN_CONTAINER.test(path)) return false;
  if (path.includes(`${sep}node_modules${sep}`)) return false;
  return !OWN.some((own) => path === own || path.startsWith(`${own}${sep}`));
}

function shown(path: string): string {
  if (splitPath(path).scheme !== undefined) return path;
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}
