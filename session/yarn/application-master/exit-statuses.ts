import type { ContainerStatus } from '../rpc/yarn-nouns.js';

/** Exit statuses with which YARN itself ends containers (ContainerExitStatus.java). */
export const ExitStatus = {
  aborted: -100,
  disksFailed: -101,
  preempted: -102,
  killedExceedingVmem: -103,
  killedExceedingPmem: -104,
  killedByApplicationMaster: -105,
  killedByResourceManager: -106,
} as const;

/** What each means, in Flink's words where it has some. */
const MEANINGS: Readonly<Record<number, string>> = {
  [ExitStatus.aborted]: 'Container released, or its node lost (-100)',
  [ExitStatus.disksFailed]: 'Disks of the node failed (-101)',
  [ExitStatus.preempted]: 'Container preempted by YARN (-102)',
  [ExitStatus.killedExceedingVmem]: 'Vmem limit exceeded (-103)',
  [ExitStatus.killedExceedingPmem]: 'Pmem limit exceeded (-104)',
  [ExitStatus.killedByApplicationMaster]: 'Container stopped by the ApplicationMaster (-105)',
  [ExitStatus.killedByResourceManager]: 'Container killed by the ResourceManager (-106)',
};

/** What YARN does when a node is lost or it needs the room says nothing about the container. */
const NOT_ITS_FAULT: readonly number[] = [ExitStatus.aborted, ExitStatus.preempted, ExitStatus.killedByResourceManager];

/** Whether such an end counts against `yarn.maximum-failed-containers`. */
export function countsAsFailure(exitStatus: number): boolean {
  return !NOT_ITS_FAULT.includes(exitStatus);
}

/** What a NodeManager writes when it kills for memory: `2.1 GB of 2 GB physical memory used`, with a B, KB, MB, … each. */
const USAGE = /([\d.]+ ?[KMGT]?B) of ([\d.]+ ?[KMGT]?B) (physical|virtual) memory used/g;

/** So begins what it writes then. */
const OVER_LIMIT = /is running \S+ beyond the '(PHYSICAL|VIRTUAL)' memory limit/;

/** How a container ended, for logs, job failures and the client: what, why, and for memory the limit, the peak and the key to raise. */
export function describeEnd({ name, exitStatus, diagnostics }: ContainerStatus): string {
  const said = [`Container ${name} failed. Exit status: ${exitStatus}`];
  const reason = reasonOf(exitStatus, diagnostics);
  const meaning = MEANINGS[reason];
  if (meaning !== undefined) said.push(meaning);
  const advice = memoryAdvice(reason, diagnostics);
  if (advice !== undefined) said.push(advice);
  else if (diagnostics !== '') said.push(`Diagnostics: ${firstLines(diagnostics)}`);
  return said.join('. ');
}

/** A process that ends as soon as the NodeManager asks it to has its own exit status, and only the diagnostics say why it was asked. */
function reasonOf(exitStatus: number, diagnostics: string): number {
  const limit = OVER_LIMIT.exec(diagnostics)?.[1];
  if (MEANINGS[exitStatus] !== undefined || limit === undefined) return exitStatus;
  return limit === 'PHYSICAL' ? ExitStatus.killedExceedingPmem : ExitStatus.killedExceedingVmem;
}

function memoryAdvice(exitStatus: number, diagnostics: string): string | undefined {
  if (exitStatus === ExitStatus.killedExceedingPmem) {
    return (
      `${usageText(diagnostics, ['physical'])}Raise the container's memory ("-tm", "taskmanager.heap.mb"), ` +
      'or "containerized.heap-cutoff-ratio", which leaves more of it to what is not heap'
    );
  }
  if (exitStatus === ExitStatus.killedExceedingVmem) {
    return (
      `${usageText(diagnostics, ['virtual', 'physical'])}Raise the container's memory ("-tm", "taskmanager.heap.mb") if it was used; ` +
      'else raise "yarn.nodemanager.vmem-pmem-ratio" of the NodeManagers, or switch "yarn.nodemanager.vmem-check-enabled" off there: ' +
      'Node reserves address space that it does not use'
    );
  }
  return undefined;
}

function usageText(diagnostics: string, kinds: readonly string[]): string {
  const found = [...diagnostics.matchAll(USAGE)];
  const usages = kinds.flatMap((kind) => found.filter((match) => match[3] === kind));
  const texts = usages.map(([, used, limit, kind]) => `${used} of its limit of ${limit} ${kind} memory`);
  return texts.length === 0 ? '' : `It used ${texts.join(', and ')}. `;
}

const MOST_LINES = 5;

function firstLines(text: string): string {
  return text.split('\n').slice(0, MOST_LINES).join('\n');
}
