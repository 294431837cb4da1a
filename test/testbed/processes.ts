import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { poll } from './poll.js';

/** The variable by which every daemon of a testbed is known again: its value is the testbed's directory, a slash, the daemon's name. */
export const DAEMON_VARIABLE = 'FLINK_TS_TESTBED_DAEMON';

/** Every daemon of a testbed is known again by this variable: its value is the testbed's directory, a slash, the daemon's name. */
export function processesWith(matches: (assignment: string) => boolean, among: readonly number[] = allProcesses()): readonly number[] {
  return among.filter((pid) => environmentOf(pid).some(matches));
}

function allProcesses(): readonly number[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** As the process was started with; empty when it is gone, is another user's, or has ended and was not yet waited for. */
function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Processes of containers that a NodeManager of this testbed started. They outlive it when it is killed, and when it may recover them. */
export function containerProcesses(home: string): readonly number[] {
  return processesWith((assignment) => assignment.startsWith(`LOCAL_DIRS=${home}/`));
}

/** Whether the process runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Sends a signal; a process that is gone is none to send it to. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ends containers that no NodeManager watches over any more. */
export async function endOrphanedContainers(home: string): Promise<void> {
  await poll('end of the containers left over', 10_000, () => {
    const left = containerProcesses(home);
    for (const pid of left) signal(pid, 'SIGKILL');
    return left.length === 0;
  });
}
