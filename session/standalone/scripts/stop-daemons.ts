import type { DaemonKind } from './daemon-kind.js';
import { endProcess, isAlive } from './daemon-process.js';
import { PidFile } from './pid-file.js';
import type { ScriptOutput } from './script-output.js';
import type { ScriptSettings } from './script-settings.js';

/** How long a process may take to end by itself. */
const GRACE_MS = 15_000;

/** Stops the process of this kind that was started last. */
export async function stopNewest(settings: ScriptSettings, kind: DaemonKind, output: ScriptOutput): Promise<void> {
  const pidFile = new PidFile(settings, kind);
  const pid = (await pidFile.pids()).at(-1);
  if (pid === undefined) output.print(`No ${kind} daemon to stop on host ${settings.hostName}.`);
  else await stop(settings, kind, pidFile, pid, output);
}

/** Stops all processes of this kind on this host. */
export async function stopAll(settings: ScriptSettings, kind: DaemonKind, output: ScriptOutput): Promise<void> {
  const pidFile = new PidFile(settings, kind);
  const pids = await pidFile.pids();
  if (pids.length === 0) output.print(`No ${kind} daemon to stop on host ${settings.hostName}.`);
  for (const pid of pids.toReversed()) await stop(settings, kind, pidFile, pid, output);
}

async function stop(settings: ScriptSettings, kind: DaemonKind, pidFile: PidFile, pid: number, output: ScriptOutput): Promise<void> {
  if (isAlive(pid, kind)) {
    output.print(`Stopping ${kind} daemon (pid: ${pid}) on host ${settings.hostName}.`);
    const forced = await endProcess(pid, kind, GRACE_MS);
    if (forced) output.printError(`${kind} daemon (pid: ${pid}) did not end within ${GRACE_MS / 1000} s and was killed.`);
  } else {
    output.print(`No ${kind} daemon (pid: ${pid}) is running anymore on ${settings.hostName}.`);
  }
  await pidFile.remove(pid);
}
