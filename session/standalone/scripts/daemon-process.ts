import { readFileSync } from 'node:fs';
import { setTimeout as passed } from 'node:timers/promises';
import { type DaemonKind, entryOf } from './daemon-kind.js';

const LOOK_EVERY_MS = 50;

/** Whether a process runs, and is one of ours as far as the system tells: ids are used again. */
export function isAlive(pid: number, kind: DaemonKind): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return commandLine(pid)?.includes(entryOf(kind)) ?? true;
}

/** The command line of a process, where `/proc` tells it; empty for one that has ended and was not waited for. */
function commandLine(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return undefined; // Not Linux, or the process is gone meanwhile.
  }
}

/** Asks a process to end, and makes it end when it has not after `graceMs`. Answers whether it had to be made to. */
export async function endProcess(pid: number, kind: DaemonKind, graceMs: number): Promise<boolean> {
  send(pid, 'SIGTERM');
  if (await ended(pid, kind, graceMs)) return false;
  send(pid, 'SIGKILL');
  await ended(pid, kind, graceMs);
  return true;
}

async function ended(pid: number, kind: DaemonKind, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  while (isAlive(pid, kind)) {
    if (Date.now() > until) return false;
    await passed(LOOK_EVERY_MS);
  }
  return true;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Ended in between.
  }
}
