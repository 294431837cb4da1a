import { type Configuration, containerizedHeapCutoffMinBytes, containerizedHeapCutoffRatio } from '#conf';
import { ContainerTooSmallError } from './errors.js';

const MB = 1024 * 1024;

/**
 * What is left for the heap of a process in a container of `containerMb`: the rest is for the runtime itself, threads and native memory.
 * Throws {@link ContainerTooSmallError} when nothing is left.
 */
export function heapOfContainerMb(containerMb: number, configuration: Configuration): number {
  const minMb = Math.ceil(configuration.get(containerizedHeapCutoffMinBytes) / MB);
  const cutoffMb = Math.max(minMb, Math.floor(containerMb * configuration.get(containerizedHeapCutoffRatio)));
  if (cutoffMb >= containerMb) throw new ContainerTooSmallError(containerMb, cutoffMb, containerizedHeapCutoffMinBytes.key);
  return containerMb - cutoffMb;
}
