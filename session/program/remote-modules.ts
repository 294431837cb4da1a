import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join, relative, sep } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Plugin } from 'esbuild';
import { fileSystems, joinPath, splitPath, statusIfThere } from '#core';

/** What an import may mean, in the order in which that is looked for. */
const ENDINGS = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx', '.json', '/index.ts', '/index.js'];
/** TypeScript writes the name of what it becomes. */
const WRITTEN: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
  '.jsx': ['.tsx'],
};

/** Modules that lie in a file system such as HDFS: copies on this machine, brought here when the bundler asks for them. */
export class RemoteModules {
  /** By directory of this machine: what it is a copy of, `hdfs://ns1`. */
  readonly #roots = new Map<string, string>();

  private constructor(private readonly directory: string) {}

  static async create(): Promise<RemoteModules> {
    return new RemoteModules(await mkdtemp(join(tmpdir(), 'flink-ts-modules-')));
  }

  /** Where the copy of a file is, or will be. */
  localPath(uri: string): string {
    const { scheme, authority, path } = splitPath(uri);
    const root = join(this.directory, `${scheme ?? ''}-${authority.replace(':', '-')}`);
    this.#roots.set(root, `${scheme ?? ''}://${authority}`);
    return join(root, ...path.split('/'));
  }

  /** What a path of this machine is a copy of; undefined when it is none. */
  uriOf(localPath: string): string | undefined {
    for (const [root, uri] of this.#roots) {
      if (localPath.startsWith(`${root}${sep}`)) return joinPath(`${uri}/`, ...relative(root, localPath).split(sep));
    }
    return undefined;
  }

  /** Copies a file. Throws what the file system throws. */
  async fetch(uri: string): Promise<string> {
    const { fileSystem, path } = fileSystems.resolve(uri);
    const local = this.localPath(uri);
    await mkdir(dirname(local), { recursive: true });
    await writeFile(local, await buffer(fileSystem.stream(path)));
    return local;
  }

  /** Copies a directory with all that is in it. */
  async fetchDirectory(uri: string): Promise<string> {
    const { fileSystem, path } = fileSystems.resolve(uri);
    const local = this.localPath(uri);
    await mkdir(local, { recursive: true });
    for (const status of await fileSystem.list(path)) {
      const below = joinPath(uri, status.path.slice(status.path.lastIndexOf('/') + 1));
      if (status.directory) await this.fetchDirectory(below);
      else await this.fetch(below);
    }
    return local;
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Brings the files that copied modules import by relative paths; the bundler then finds them itself. */
  readonly plugin: Plugin = {
    name: 'flink-ts-remote-modules',
    setup: ({ onResolve }) => {
      onResolve({ filter: /^\.\.?\// }, async ({ path, importer }) => {
        const from = this.uriOf(importer);
        if (from !== undefined) await this.#fetchImported(joinPath(from, '..', path));
        return undefined;
      });
    },
  };

  async #fetchImported(uri: string): Promise<void> {
    const ending = extname(uri);
    const written = (WRITTEN[ending] ?? []).map((other) => uri.slice(0, -ending.length) + other);
    for (const candidate of [...written, ...ENDINGS.map((each) => uri + each)]) {
      const { fileSystem, path } = fileSystems.resolve(candidate);
      if ((await statusIfThere(fileSystem, path))?.directory !== false) continue;
      await this.fetch(candidate);
      return;
    }
  }
}
