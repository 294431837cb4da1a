import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { StateFileWriteError } from './errors.js';

const PREFIX = 'flink-rocksdb-';
const OWNER_FILE = '.owner';

/** Of a slot in a thread of a process. */
export function slotName(pid: number, threadId: number): string {
  return `${pid}-${threadId}`;
}

let created = 0;

/** Local files of one backend, in a directory of their own that says which process they belong to. */
export class StateDirectory {
  readonly id = randomUUID();
  readonly path: string;
  #files = 0;

  /**
   * @param directories of which one is taken, in turn.
   * @param slot names whose directory it is: see {@link removeStateDirectories}. Throws `StateFileWriteError`.
   */
  constructor(directories: readonly string[], slot: string) {
    const directory = directories[created++ % directories.length]!;
    this.path = join(directory, `${PREFIX}${slot}-${this.id}`);
    try {
      mkdirSync(this.path, { recursive: true, mode: 0o700 });
      writeFileSync(join(this.path, OWNER_FILE), JSON.stringify({ host: hostname(), pid: process.pid }));
    } catch (error) {
      throw new StateFileWriteError(this.path, error);
    }
  }

  /** A name for a new file, unique for ever. */
  nextFile(): { readonly id: string; readonly path: string } {
    const number = ++this.#files;
    return { id: `${this.id}-${number}`, path: join(this.path, `${number}.segment`) };
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Removes what backends of a slot left that ended without closing them. Never throws. */
export async function removeStateDirectories(directories: readonly string[], slot: string): Promise<void> {
  for (const path of await found(directories, `${PREFIX}${slot}-`)) await removed(path);
}

/** Removes what processes of this host left that are no longer there; whatever cannot be told stays. Never throws. */
export async function removeOrphanedStateDirectories(directories: readonly string[]): Promise<void> {
  for (const path of await found(directories, PREFIX)) {
    const owner = await ownerOf(path);
    if (owner?.host === hostname() && !isAlive(owner.pid)) await removed(path);
  }
}

async function found(directories: readonly string[], prefix: string): Promise<string[]> {
  const paths: string[] = [];
  for (const directory of directories) {
    const names = await readdir(directory).catch((): string[] => []);
    paths.push(...names.filter((name) => name.startsWith(prefix)).map((name) => join(directory, name)));
  }
  return paths;
}

async function removed(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}

async function ownerOf(path: string): Promise<{ readonly host: string; readonly pid: number } | undefined> {
  try {
    const { host, pid } = JSON.parse(await readFile(join(path, OWNER_FILE), 'utf8')) as { host?: unknown; pid?: unknown };
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
