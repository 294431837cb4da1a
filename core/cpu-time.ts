import { readFileSync } from 'node:fs';

/**
 * CPU time of the calling thread in ns, for benches: other threads and other processes do not count. Where the system does not tell
 * it (all but Linux), the time of the whole process, in steps of a microsecond.
 */
export function threadCpuNs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]);
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) * 1000;
  }
}
