import { basename, resolve } from 'node:path';
import { readdir, stat } from 'node:fs/promises';
import {
  type Configuration,
  type HadoopConfiguration,
  fsDefaultScheme,
  type KeyValues,
  yarnFileReplication,
  yarnProvidedLibDirs,
  yarnStagingDirectory,
} from '#conf';
import { fileSystems, FileSystemError, type FileSystem, joinPath, parentPath } from '#core';
import type { LocalResource } from '../../launch/local-resource.js';
import { CONFIGURATION_RESOURCE, HADOOP_RESOURCE, NODE_RESOURCE, RUNTIME_RESOURCE } from '../../launch/names.js';
import { archiveOf, type ArchiveEntry, textArchive } from './archive.js';
import { shippedConfiguration } from './configuration-file.js';
import { StagingDirectoryError } from './errors.js';
import { hadoopFiles } from './hadoop-files.js';
import { nodeBinary } from './node-binary.js';
import { runtimeArchive } from './runtime-archive.js';
import { together } from './together.js';
import { cacheName, type ProvidedDirectory, RuntimeCache } from './runtime-cache.js';
import { contentOf, resourceOf, Uploads } from './uploads.js';

/** Only the user may see what an application is made of. */
const PRIVATE_MODE = 0o700;

/** Where applications of a user are staged. */
export interface StagingPlace {
  readonly fileSystem: FileSystem;
  /** URI of the user's home directory, or of `yarn.staging-directory`. */
  readonly home: string;
  /** `yarn.file-replication`; undefined: as HDFS has it. */
  readonly replication?: number;
  /** `yarn.provided.lib.dirs`. */
  readonly provided?: readonly ProvidedDirectory[];
}

/** The default file system of Hadoop's files, unless `yarn.staging-directory` names another. */
export async function stagingPlace(configuration: Configuration, hadoop: HadoopConfiguration): Promise<StagingPlace> {
  const root = hadoop.get('fs.defaultFS') ?? configuration.get(fsDefaultScheme);
  const named = configuration.get(yarnStagingDirectory);
  const { fileSystem, path } = fileSystems.resolve(named ?? `${root.replace(/\/+$/, '')}/`, { defaultScheme: root });
  const home = named === undefined ? await fileSystem.home() : path;
  const replication = configuration.get(yarnFileReplication);
  const provided = (configuration.get(yarnProvidedLibDirs) ?? []).map((directory) =>
    fileSystems.resolve(directory, { defaultScheme: root }),
  );
  return { fileSystem, home, provided, ...(replication > 0 ? { replication } : {}) };
}

/** The files of one application: `<home>/.flink/<application id>`, and the cache beside it that all applications of the user share. */
export class ApplicationStaging {
  readonly directory: string;
  readonly #fileSystem: FileSystem;
  readonly #cache: RuntimeCache;
  readonly #uploads: Uploads;
  readonly #givenUp = new AbortController();
  #begun = false;

  /** @param signal breaks uploads off */
  constructor({ fileSystem, home, replication, provided = [] }: StagingPlace, applicationId: string, signal?: AbortSignal) {
    this.#fileSystem = fileSystem;
    this.#uploads = new Uploads(fileSystem, replication, AbortSignal.any([this.#givenUp.signal, ...(signal ? [signal] : [])]));
    this.directory = joinPath(home, '.flink', applicationId);
    this.#cache = new RuntimeCache(fileSystem, this.#uploads, joinPath(home, '.flink'), provided);
  }

  /** Throws `StagingDirectoryError` (user) where the user may not write, `FileSystemError`. */
  async create(): Promise<void> {
    try {
      await this.#fileSystem.makeDirectories(this.#cache.directory);
      this.#begun = true;
      await this.#fileSystem.makeDirectories(this.directory);
      await this.#fileSystem.setPermissions?.(this.directory, PRIVATE_MODE);
    } catch (error) {
      if (error instanceof FileSystemError && error.blame === 'user') throw new StagingDirectoryError(parentPath(this.directory), error);
      throw error;
    }
  }

  /** Waits for uploads that go on side by side; when one fails the others are given up, and have ended when this rejects. */
  async together<T>(uploads: readonly Promise<T>[]): Promise<readonly T[]> {
    return await together(uploads, (reason) => {
      this.#givenUp.abort(reason);
    });
  }

  /** Removes what belongs to the application alone, if there is anything. */
  async remove(): Promise<void> {
    if (this.#begun) await this.#fileSystem.delete(this.directory, { recursive: true });
  }

  /** The package itself, which is uploaded once for each build. */
  async runtime(): Promise<LocalResource> {
    const { digest, entries } = await runtimeArchive();
    const name = cacheName('flink-ts', digest, '.tgz');
    const { path, status } = await this.#cache.file(name, this.directory, () => archiveOf(entries));
    return resourceOf(status, path, { name: RUNTIME_RESOURCE, type: 'ARCHIVE', visibility: 'PRIVATE' });
  }

  /** The Node that runs this client, which is uploaded once. */
  async node(): Promise<LocalResource> {
    const { path: local, version, digest } = await nodeBinary();
    const name = cacheName(`node-${version}`, digest, '');
    const { path, status } = await this.#cache.file(name, this.directory, () => contentOf(local));
    return resourceOf(status, path, { name: NODE_RESOURCE, type: 'FILE', visibility: 'PRIVATE' });
  }

  /** Answers also the settings that a file cannot hold. */
  async configuration(configuration: Configuration): Promise<{ readonly resource: LocalResource; readonly unwritable: KeyValues }> {
    const { text, unwritable } = shippedConfiguration(configuration);
    return { resource: await this.text(CONFIGURATION_RESOURCE, text), unwritable };
  }

  async hadoop(hadoop: HadoopConfiguration): Promise<LocalResource> {
    const path = joinPath(this.directory, `${HADOOP_RESOURCE}.tgz`);
    const files = [...hadoopFiles(hadoop)].map(([name, text]) => ({ name, text }));
    const status = await this.#uploads.add(path, textArchive(files));
    return resourceOf(status, path, { name: HADOOP_RESOURCE, type: 'ARCHIVE', visibility: 'APPLICATION' });
  }

  /** A file of this text. */
  async text(name: string, text: string): Promise<LocalResource> {
    const path = joinPath(this.directory, name);
    const status = await this.#uploads.add(path, Buffer.from(text));
    return resourceOf(status, path, { name, type: 'FILE', visibility: 'APPLICATION' });
  }

  /** A file or a directory of this machine, under its own name. */
  async ship(localPath: string): Promise<LocalResource> {
    const name = basename(resolve(localPath));
    if (!(await stat(localPath)).isDirectory()) return await this.#file(localPath, name, 'FILE');
    const path = joinPath(this.directory, `${name}.tgz`);
    const entries = await entriesBelow(resolve(localPath));
    const status = await this.#uploads.add(path, entries.length === 0 ? textArchive([]) : archiveOf(entries));
    return resourceOf(status, path, { name, type: 'ARCHIVE', visibility: 'APPLICATION' });
  }

  /** An archive of this machine, to be unpacked under its own name. */
  async shipArchive(localPath: string): Promise<LocalResource> {
    return await this.#file(localPath, basename(localPath), 'ARCHIVE');
  }

  async #file(localPath: string, name: string, type: 'FILE' | 'ARCHIVE'): Promise<LocalResource> {
    const path = joinPath(this.directory, name);
    const status = await this.#uploads.add(path, contentOf(localPath));
    return resourceOf(status, path, { name, type, visibility: 'APPLICATION' });
  }
}

async function entriesBelow(directory: string): Promise<readonly ArchiveEntry[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .map((source) => ({ source, name: source.slice(directory.length + 1) }));
}
