import type { ResourceManagerClient } from './resource-manager/client.js';
import type { NodeReport, QueueReport } from './resource-manager/reports.js';

const RULE = '+---------------------------------------+';

/** The nodes and queues of a cluster, as `yarn-session -q` prints them. */
export async function describeCluster(resourceManager: ResourceManagerClient): Promise<string> {
  const [{ activeNodes }, nodes, queues] = await Promise.all([
    resourceManager.metrics(),
    resourceManager.runningNodes(),
    resourceManager.queues(),
  ]);
  const sizes = nodes.map(capacityOf);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  return [
    `NodeManagers in the ClusterClient ${activeNodes}`,
    '|Property         |Value          ',
    RULE,
    ...nodes.flatMap(nodeLines),
    `Summary: totalMemory ${sum(sizes.map(({ memoryMb }) => memoryMb))} totalCores ${sum(sizes.map(({ vcores }) => vcores))}`,
    ...queues.map(queueLine),
  ].join('\n');
}

function capacityOf(node: NodeReport): { readonly memoryMb: number; readonly vcores: number } {
  return {
    memoryMb: node.usedMemoryMB + node.availMemoryMB,
    vcores: node.usedVirtualCores + node.availableVirtualCores,
  };
}

function nodeLines(node: NodeReport): readonly string[] {
  const { memoryMb, vcores } = capacityOf(node);
  const line = (name: string, value: string): string => `|${name.padEnd(16)} |${value.padEnd(16)} `;
  return [
    line('NodeID', node.id),
    line('Memory', `${memoryMb} MB`),
    line('vCores', String(vcores)),
    line('HealthReport', node.healthReport ?? ''),
    line('Containers', String(node.numContainers)),
    RULE,
  ];
}

function queueLine({ name, currentCapacity, maximumCapacity, applications }: QueueReport): string {
  const [current, maximum] = [currentCapacity, maximumCapacity].map(javaFloat);
  return `Queue: ${name}, Current Capacity: ${current} Max Capacity: ${maximum} Applications: ${applications}`;
}

/** A share as Java prints a float: always with a point. */
function javaFloat(number: number): string {
  const text = String(Math.fround(number) === number ? number : Number(number.toPrecision(7)));
  return text.includes('.') ? text : `${text}.0`;
}
