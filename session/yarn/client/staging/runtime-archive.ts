import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { packageRoot } from '../../../package-root.js';
import { type InstalledPackage, installedPackages } from './installed-packages.js';
import type { ArchiveEntry } from './archive.js';

/** What containers have no use for. */
const UNNEEDED = /\.(d\.[cm]?ts|d\.[cm]?ts\.map|md|markdown|tsbuildinfo|bench\.js(\.map)?)$/;
const UNNEEDED_FOLDERS: readonly string[] = ['dist/test', 'dist/bench', 'dist/scripts', 'dist/examples'];
/** Source maps of our own code make stack traces readable; those of packages are read by nobody. */
const SOURCE_MAP = /\.map$/;

/** The package with everything it needs, as it goes into containers. */
export interface RuntimeArchive {
  /** Tells its content: another build, or another version of a package, has another. */
  readonly digest: string;
  entries(): Promise<readonly ArchiveEntry[]>;
}

/**
 * The running package as an archive of `dist`, `node_modules` and `package.json`. The digest is of the content of the package, and of the
 * names and versions of what it needs: those do not change once they are published.
 */
export async function runtimeArchive(root = packageRoot): Promise<RuntimeArchive> {
  const [own, packages] = await Promise.all([ownFiles(root), installedPackages(root)]);
  const hash = createHash('sha256');
  hash.update(`${process.platform} ${process.arch}\n`);
  for (const { place, version } of packages) hash.update(`${place} ${version}\n`);
  const contents = await Promise.all(own.map((file) => readFile(join(root, file))));
  own.forEach((file, index) => {
    const content = contents[index] ?? Buffer.alloc(0);
    hash.update(`${file} ${content.length}\n`).update(content);
  });
  return {
    digest: hash.digest('hex'),
    entries: async () => [
      ...own.map((file) => ({ source: join(root, file), name: file })),
      ...(await Promise.all(packages.map(packageFiles))).flat(),
    ],
  };
}

async function ownFiles(root: string): Promise<readonly string[]> {
  const built = await filesBelow(join(root, 'dist'), root, (path) => UNNEEDED_FOLDERS.includes(path));
  return ['package.json', ...built.filter((path) => !UNNEEDED.test(path) && !path.startsWith('dist/.built'))];
}

async function packageFiles({ directory, place }: InstalledPackage): Promise<readonly ArchiveEntry[]> {
  const files = await filesBelow(directory, directory, (path) => path === 'node_modules' || path.endsWith('/node_modules'));
  return files
    .filter((path) => !UNNEEDED.test(path) && !SOURCE_MAP.test(path))
    .map((path) => ({ source: join(directory, path), name: `${place}/${path}` }));
}

/** Paths of all files below `directory`, relative to `root`, sorted, with slashes. */
async function filesBelow(directory: string, root: string, skips: (path: string) => boolean): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    const name = relative(root, path).replaceAll('\\', '/');
    if (entry.isDirectory()) {
      if (!skips(name)) found.push(...(await filesBelow(path, root, skips)));
    } else if (entry.isFile()) found.push(name);
  }
  return found.sort();
}
