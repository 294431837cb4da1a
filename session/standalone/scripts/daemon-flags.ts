import { type Configuration, jobManagerHeap, nodeFlags, taskManagerMemory } from '#conf';
import type { DaemonKind } from './daemon-kind.js';

const HEAP_FLAG = '--max-old-space-size';

/**
 * Node flags of a process: its heap, unless `env.java.opts` sets it, and those of the configuration.
 * Throws the errors of the memory keys.
 */
export function daemonFlags(configuration: Configuration, kind: DaemonKind): readonly string[] {
  const heapBytes = kind === 'jobmanager' ? jobManagerHeap(configuration) : taskManagerMemory(configuration).heapBytes;
  const given = nodeFlags(configuration, kind);
  const heap = given.some((flag) => flag.startsWith(HEAP_FLAG) || flag.startsWith('--max_old_space_size'))
    ? []
    : [`${HEAP_FLAG}=${Math.max(1, Math.floor(heapBytes / 1024 / 1024))}`];
  return ['--enable-source-maps', ...heap, ...given];
}
