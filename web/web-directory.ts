import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'flink-web-';
/** Holds `<pid>@<host>`: directories may be shared between hosts. */
const OWNER_FILE = 'owner';

/** Makes a fresh directory `flink-web-<uuid>` below `parent`, and removes those of processes that were killed. */
export async function openWebDirectory(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  const directory = join(parent, `${PREFIX}${randomUUID()}`);
  await mkdir(directory);
  await writeFile(join(directory, OWNER_FILE), `${process.pid}@${hostname()}`);
  return directory;
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    const directory = join(parent, name);
    const [pid, host] = (await readFile(join(directory, OWNER_FILE), 'utf8').catch(() => '')).split('@');
    if (host === hostname() && !isRunning(Number(pid))) await rm(directory, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
