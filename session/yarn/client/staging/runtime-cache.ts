import type { Readable } from 'node:stream';
import { FileNotFoundError, type FileStatus, type FileSystem, joinPath, pathName, statusIfThere } from '#core';
import type { Uploads } from './uploads.js';

/** What no application has asked for in so long is removed. */
const UNUSED_MS = 30 * 24 * 3600 * 1000;
/** In the cache: a directory for each of its files, which was last touched when that was last used. */
const USED = 'used';
/** In the directory of an application: a directory for each file of the cache that it names. */
const NAMED = 'cache';

/** A file of the cache. */
export interface CachedFile {
  readonly path: string;
  readonly status: FileStatus;
}

/**
 * What all applications of a user share, in files whose names tell their content: each is uploaded once. When that happens, others go that
 * have not been used for 30 days and that no application names whose directory is still there.
 *
 * ```
 * .flink/cache/flink-ts-4f1c….tgz          a file: its timestamp stays, by which NodeManagers know it
 * .flink/cache/used/flink-ts-4f1c….tgz/    its timestamp: when an application was last started with it
 * .flink/application_1_0001/cache/flink-ts-4f1c….tgz/   that application names it
 * ```
 */
export class RuntimeCache {
  readonly directory: string;

  /**
   * @param home `.flink`
   * @param provided directories that may hold the same files (`yarn.provided.lib.dirs`), and are not written to
   */
  constructor(
    private readonly fileSystem: FileSystem,
    private readonly uploads: Uploads,
    private readonly home: string,
    private readonly provided: readonly ProvidedDirectory[],
  ) {
    this.directory = joinPath(home, 'cache');
  }

  /** The file of that name, which is uploaded when it is nowhere. `application`: the directory of who names it. */
  async file(name: string, application: string, content: () => Readable): Promise<CachedFile> {
    for (const { fileSystem, path } of this.provided) {
      const known = await statusIfThere(fileSystem, joinPath(path, name));
      if (known) return { path: joinPath(path, name), status: known };
    }
    // First of all: from here on nobody removes it.
    await this.fileSystem.makeDirectories(joinPath(application, NAMED, name));
    const path = joinPath(this.directory, name);
    const [{ status, written }] = await Promise.all([this.uploads.once(path, content), this.#used(name)]);
    if (written) await this.removeUnused();
    return { path, status };
  }

  /** Removes what has not been used for long. What cannot be found out, or removed, stays. */
  async removeUnused(nowMs = Date.now()): Promise<void> {
    try {
      const named = await this.#named();
      const used = await this.#modified(joinPath(this.directory, USED));
      for (const [name, modifiedMs] of await this.#modified(this.directory)) {
        if (name === USED || named.has(name) || nowMs - (used.get(name) ?? modifiedMs) < UNUSED_MS) continue;
        await this.fileSystem.delete(joinPath(this.directory, name));
        await this.fileSystem.delete(joinPath(this.directory, USED, name), { recursive: true });
      }
    } catch {
      // There is room, for now; the next upload tries again.
    }
  }

  async #used(name: string): Promise<void> {
    const mark = joinPath(this.directory, USED, name);
    await this.fileSystem.makeDirectories(mark);
    await this.fileSystem.setModified?.(mark, Date.now());
  }

  /** Files of the cache that applications name, whose directories are there. */
  async #named(): Promise<ReadonlySet<string>> {
    const applications = [...(await this.#modified(this.home)).keys()].filter((name) => name.startsWith('application_'));
    const names = await Promise.all(applications.map((name) => this.#modified(joinPath(this.home, name, NAMED))));
    return new Set(names.flatMap((of) => [...of.keys()]));
  }

  /** Names in a directory, and when each was last changed; none where there is no such directory. */
  async #modified(directory: string): Promise<ReadonlyMap<string, number>> {
    try {
      return new Map((await this.fileSystem.list(directory)).map(({ path, modifiedMs }) => [pathName(path), modifiedMs]));
    } catch (error) {
      if (error instanceof FileNotFoundError) return new Map();
      throw error;
    }
  }
}

/** A directory of `yarn.provided.lib.dirs`. */
export interface ProvidedDirectory {
  readonly fileSystem: FileSystem;
  readonly path: string;
}

/** The name that an archive or file of this digest has in the cache. */
export function cacheName(kind: string, digest: string, ending: string): string {
  return `${kind}-${digest.slice(0, 32)}${ending}`;
}
