import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../../package-root.js';
import type { ArchiveEntry } from './archive.js';

/** Another one when the same files are packed in another way. */
const FORMAT = 2;

/** What a process in a container runs, as an archive. */
export interface RuntimeArchive {
  /** Tells its content: another build has another. */
  readonly digest: string;
  readonly entries: readonly ArchiveEntry[];
}

/**
 * The running package as an archive of `package.json` and `dist/bundle`, which here is `dist/containers`: few files, with all packages in
 * them.
 */
export async function runtimeArchive(root = packageRoot): Promise<RuntimeArchive> {
  const built = (await readdir(join(root, 'dist', 'containers'))).sort();
  const entries = [
    { source: join(root, 'package.json'), name: 'package.json' },
    ...built.map((file) => ({ source: join(root, 'dist', 'containers', file), name: `dist/bundle/${file}` })),
  ];
  const contents = await Promise.all(entries.map(({ source }) => readFile(source)));
  const hash = createHash('sha256').update(`${FORMAT}\n`);
  entries.forEach(({ name }, index) => {
    const content = contents[index] ?? Buffer.alloc(0);
    hash.update(`${name} ${content.length}\n`).update(content);
  });
  return { digest: hash.digest('hex'), entries };
}
