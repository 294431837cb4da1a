import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { envPidDir } from '#conf';
import { isAlive } from './daemon-process.js';
import type { DaemonKind } from './daemon-kind.js';
import { ScriptDirectoryError } from './errors.js';
import type { ScriptSettings } from './script-settings.js';

/** The file in which the processes of one kind on this host are noted, one id a line, the newest last. */
export class PidFile {
  readonly path: string;
  readonly #kind: DaemonKind;

  constructor({ pidDirectory, identity }: ScriptSettings, kind: DaemonKind) {
    this.#kind = kind;
    this.path = join(pidDirectory, `flink-${identity}-${kind}.pid`);
  }

  /** All ids noted, also of processes that have ended. */
  async pids(): Promise<readonly number[]> {
    try {
      const text = await readFile(this.path, 'utf8');
      return text
        .split('\n')
        .map(Number)
        .filter((pid) => Number.isInteger(pid) && pid > 0);
    } catch {
      return []; // No file: nothing was started.
    }
  }

  /** The ids of processes that run. */
  async alive(): Promise<readonly number[]> {
    return (await this.pids()).filter((pid) => isAlive(pid, this.#kind));
  }

  /** Throws {@link ScriptDirectoryError}. */
  async add(pid: number): Promise<void> {
    try {
      await mkdir(dirname(this.path), { recursive: true });
      await appendFile(this.path, `${pid}\n`);
    } catch (error) {
      throw new ScriptDirectoryError(envPidDir.key, dirname(this.path), error);
    }
  }

  async remove(pid: number): Promise<void> {
    const left = (await this.pids()).filter((other) => other !== pid);
    if (left.length === 0) await rm(this.path, { force: true });
    else await writeFile(this.path, `${left.join('\n')}\n`);
  }
}
