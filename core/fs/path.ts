import { InvalidPathError } from './errors.js';

/**
 * Paths are URIs that are never percent-encoded, as in Flink and Hadoop: a blank, `%` or `#` in a name stands for itself.
 * A scheme has at least two letters, so that `C:/dir` is a Windows path, and is followed by a slash, so that `10:30.txt` is a name.
 */
const URI = /^([A-Za-z][A-Za-z0-9+.-]+):(\/\/([^/]*))?(\/.*)?$/s;
const WINDOWS_ABSOLUTE = /^[A-Za-z]:[\\/]/;

/** The parts of a path. Without a scheme there is no authority. */
export interface PathParts {
  readonly scheme: string | undefined;
  readonly authority: string;
  readonly path: string;
}

export function splitPath(path: string): PathParts {
  const match = URI.exec(path);
  const rest = match?.[4];
  if (match === null || (match[2] === undefined && rest === undefined)) return { scheme: undefined, authority: '', path };
  return { scheme: match[1]!.toLowerCase(), authority: match[3] ?? '', path: rest ?? '/' };
}

function unite({ scheme, authority, path }: PathParts): string {
  return scheme === undefined ? path : `${scheme}://${authority}${path}`;
}

/** Without empty steps, `.`, `..` and a slash at the end. Nothing lies above the root. */
export function normalisePath(path: string): string {
  const parts = splitPath(path);
  return unite({ ...parts, path: normalSteps(parts.path) });
}

function normalSteps(path: string): string {
  const absolute = path.startsWith('/');
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.length > 0 && steps.at(-1) !== '..') steps.pop();
    else if (!absolute) steps.push(step);
  }
  return (absolute ? '/' : '') + steps.join('/');
}

/** The path of something below `directory`. */
export function joinPath(directory: string, ...names: readonly string[]): string {
  return normalisePath([directory, ...names].join('/'));
}

/** The directory a path lies in; of a root, the root. */
export function parentPath(path: string): string {
  return joinPath(path, '..');
}

/** The last step of a path; empty for a root. */
export function pathName(path: string): string {
  const { path: steps } = splitPath(normalisePath(path));
  return steps.slice(steps.lastIndexOf('/') + 1);
}

/** A path of this machine as an absolute `file:` URI. Relative ones start at `workingDirectory`. Windows paths may use both slashes. */
export function toFileUri(localPath: string, workingDirectory = process.cwd()): string {
  if (WINDOWS_ABSOLUTE.test(localPath)) return normalisePath(`file:///${localPath.replaceAll('\\', '/')}`);
  if (localPath.startsWith('/')) return normalisePath(`file://${localPath}`);
  return joinPath(toFileUri(workingDirectory, '/'), localPath);
}

/** The path as this machine's own calls take it. Throws {@link InvalidPathError} for another scheme, or a host in the path. */
export function fromFileUri(uri: string): string {
  const { scheme, authority, path } = splitPath(uri);
  if (scheme === undefined) return path;
  if (scheme !== 'file') throw new InvalidPathError(uri, `"${uri}" is not a path of the local file system`);
  if (authority !== '' && authority !== 'localhost') {
    const hint = `Hint: Did you forget a slash? (correct path would be 'file:///${authority}${path}')`;
    throw new InvalidPathError(uri, `Found local file path with authority '${authority}' in path '${uri}'. ${hint}`);
  }
  return WINDOWS_ABSOLUTE.test(path.slice(1)) ? path.slice(1) : path;
}
