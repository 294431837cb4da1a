import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { envLogDir } from '#conf';
import type { DaemonKind } from './daemon-kind.js';
import { ScriptDirectoryError } from './errors.js';
import type { ScriptSettings } from './script-settings.js';

/** Log, and standard output, of the process with this number on this host. */
export interface DaemonFiles {
  readonly log: string;
  readonly out: string;
}

export function daemonFiles({ logDirectory, identity, hostName }: ScriptSettings, kind: DaemonKind, number: number): DaemonFiles {
  const path = join(logDirectory, `flink-${identity}-${kind}-${number}-${hostName}`);
  return { log: `${path}.log`, out: `${path}.out` };
}

/**
 * Moves a file of an earlier process out of the way: `x` to `x.1`, that to `x.2`, at most `max` of them.
 * Throws {@link ScriptDirectoryError}.
 */
export async function rotate(file: string, max: number): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await rm(`${file}.${max}`, { force: true });
    for (let number = max - 1; number >= 1; number--) await moveIfThere(`${file}.${number}`, `${file}.${number + 1}`);
    await moveIfThere(file, `${file}.1`);
  } catch (error) {
    throw new ScriptDirectoryError(envLogDir.key, dirname(file), error);
  }
}

async function moveIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
