import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** What the directories of all stores begin with. */
export const STORE_PREFIX = 'blobStore-';
const OWNER_FILE = '.owner';

interface Owner {
  readonly host: string;
  readonly pid: number;
}

/** Notes in a store's directory whose it is. */
export async function markOwner(storeDirectory: string): Promise<void> {
  const owner: Owner = { host: hostname(), pid: process.pid };
  await writeFile(join(storeDirectory, OWNER_FILE), JSON.stringify(owner));
}

/**
 * Removes the stores in a directory whose process was killed before it could. Only those that a process of this host made which is no
 * longer there; whatever cannot be told stays.
 */
export async function removeOrphanedStores(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((candidate) => candidate.startsWith(STORE_PREFIX))) {
    const store = join(directory, name);
    const owner = await ownerOf(store);
    if (owner?.host === hostname() && !isAlive(owner.pid)) await rm(store, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function ownerOf(store: string): Promise<Owner | undefined> {
  try {
    const owner: unknown = JSON.parse(await readFile(join(store, OWNER_FILE), 'utf8'));
    const { host, pid } = owner as Partial<Owner>;
    return typeof host === 'string' && typeof pid === 'number' ? { host, pid } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user is there, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
