import { UnknownFileSystemError } from './errors.js';
import type { FileSystem } from './file-system.js';
import { LocalFileSystem } from './local-file-system.js';
import { joinPath, normalisePath, splitPath, toFileUri } from './path.js';

/** Makes the file system of one authority: `hdfs://namenode:9000` is `hdfs` and `namenode:9000`. */
export type FileSystemFactory = (authority: string) => FileSystem;

export interface ResolveOptions {
  /** What paths without a scheme are completed with (`fs.default-scheme`), such as `hdfs://namenode:9000/`. */
  readonly defaultScheme?: string;
  /** Where relative paths of the local file system start. */
  readonly workingDirectory?: string;
}

/** A path made absolute, and the file system it lies in. */
export interface ResolvedPath {
  readonly path: string;
  readonly fileSystem: FileSystem;
}

/** The file systems of this process, by scheme. `file` is always there. */
export class FileSystems {
  readonly #factories = new Map<string, FileSystemFactory>();
  readonly #open = new Map<string, FileSystem>();

  constructor() {
    this.registerFileSystem('file', () => new LocalFileSystem());
  }

  /** Says how paths of a scheme are served, from now on. */
  registerFileSystem(scheme: string, factory: FileSystemFactory): void {
    this.#factories.set(scheme.toLowerCase(), factory);
    for (const key of this.#open.keys()) if (key.startsWith(`${scheme.toLowerCase()}://`)) this.#open.delete(key);
  }

  get schemes(): readonly string[] {
    return [...this.#factories.keys()].sort();
  }

  /** Whether a path names a file system other than this machine's. */
  isRemote(path: string): boolean {
    const { scheme } = splitPath(path);
    return scheme !== undefined && scheme !== 'file' && this.#factories.has(scheme);
  }

  /**
   * Completes a path and finds its file system. Relative paths start at the working directory in `file`, at the default scheme's path
   * elsewhere. Throws `UnknownFileSystemError`.
   */
  resolve(path: string, options: ResolveOptions = {}): ResolvedPath {
    const complete = absolutePath(path, options);
    const { scheme = 'file', authority } = splitPath(complete);
    const root = `${scheme}://${authority}`;
    let fileSystem = this.#open.get(root);
    if (fileSystem === undefined) {
      const factory = this.#factories.get(scheme);
      if (factory === undefined) throw new UnknownFileSystemError(scheme, path, this.schemes);
      fileSystem = factory(authority);
      this.#open.set(root, fileSystem);
    }
    return { path: complete, fileSystem };
  }
}

/** The path with scheme and authority, normalised. */
export function absolutePath(path: string, { defaultScheme = 'file:///', workingDirectory }: ResolveOptions): string {
  const { scheme, authority } = splitPath(path);
  const standard = splitPath(defaultScheme);
  if (scheme === undefined) {
    const local = standard.scheme === undefined || standard.scheme === 'file';
    return local ? toFileUri(path, workingDirectory) : joinPath(defaultScheme, path);
  }
  // `hdfs:///path` names no host: the default scheme does, when it is of the same kind.
  if (authority === '' && standard.scheme === scheme) return normalisePath(`${scheme}://${standard.authority}${splitPath(path).path}`);
  return normalisePath(path);
}

/** The file systems that programs and connectors of this process share. */
export const fileSystems = new FileSystems();
