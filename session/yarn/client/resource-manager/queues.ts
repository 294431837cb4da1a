import type { QueueReport } from './reports.js';

/** A queue as the CapacityScheduler and the FairScheduler describe it. */
interface QueueJson {
  readonly queueName?: string;
  readonly queuePath?: string;
  readonly usedCapacity?: number;
  readonly maxCapacity?: number;
  readonly numApplications?: number;
  readonly queues?: { readonly queue?: readonly QueueJson[] };
  readonly childQueues?: { readonly queue?: readonly QueueJson[] } | readonly QueueJson[];
  readonly rootQueue?: QueueJson;
}

/** The answer of `/scheduler`. */
export interface SchedulerJson {
  readonly scheduler?: { readonly schedulerInfo?: QueueJson };
}

/** All queues below the root, parents before their children; empty for schedulers without queues. */
export function queuesOf({ scheduler }: SchedulerJson): readonly QueueReport[] {
  const info = scheduler?.schedulerInfo ?? {};
  return childrenOf(info.rootQueue ?? info).flatMap((queue) => collect(queue, 'root'));
}

function collect(queue: QueueJson, parent: string): readonly QueueReport[] {
  const full = queue.queueName ?? '';
  const name = full.slice(full.lastIndexOf('.') + 1);
  const path = queue.queuePath ?? (full.includes('.') ? full : `${parent}.${full}`);
  const report = {
    name,
    path,
    currentCapacity: (queue.usedCapacity ?? 0) / 100,
    maximumCapacity: (queue.maxCapacity ?? 100) / 100,
    applications: queue.numApplications ?? 0,
  };
  return [report, ...childrenOf(queue).flatMap((child) => collect(child, path))];
}

function childrenOf(queue: QueueJson): readonly QueueJson[] {
  const children = queue.queues ?? queue.childQueues;
  if (children === undefined) return [];
  return 'queue' in children ? (children.queue ?? []) : (children as readonly QueueJson[]);
}
