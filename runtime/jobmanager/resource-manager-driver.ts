import type { TaskManagerId } from '#core';

/** How the cluster as a whole ended, for whoever runs it. */
export type FinalStatus = 'SUCCEEDED' | 'FAILED' | 'CANCELED' | 'UNKNOWN';

/** What a driver tells the JobManager. */
export interface WorkerEvents {
  /** The process of a TaskManager ended, as its keeper says; sooner and with a better reason than its connection tells. */
  onWorkerLost(taskManagerId: TaskManagerId, reason: string): void;
  /** Sends a TaskManager away, if it is there and none of its slots is taken; answers whether it was. */
  releaseIdle(taskManagerId: TaskManagerId, reason: string): boolean;
  /** No TaskManagers can be had any more: the cluster has to end. */
  onFatal(error: Error): void;
}

/** A registered TaskManager, as far as a driver cares. */
export interface WorkerUse {
  readonly taskManagerId: TaskManagerId;
  readonly slots: number;
  readonly freeSlots: number;
}

/** What jobs need, and what there is. */
export interface SlotDemand {
  /** Jobs wait for that many slots more than are free. */
  readonly missing: number;
  readonly workers: readonly WorkerUse[];
}

/** Where TaskManagers come from: one implementation for each kind of cluster. */
export interface ResourceManagerDriver {
  /** How many slots there will ever be; undefined when more may come. */
  readonly fixedSlots: number | undefined;
  start(events: WorkerEvents): Promise<void>;
  /** Called whenever jobs come or go, slots are taken or freed, TaskManagers register or are lost; also when that changes nothing. */
  onDemand(demand: SlotDemand): void;
  /** Whether a TaskManager may register: one whose process was given up may still run. */
  accepts(taskManagerId: TaskManagerId): boolean;
  /**
   * The connection of a TaskManager broke off: how long, in ms, to wait for `onWorkerLost` with a better reason. 0: the driver knows no
   * more about its processes.
   */
  explainsWithinMs(taskManagerId: TaskManagerId): number;
  /** The cluster ends: workers may go. */
  finish(status: FinalStatus, diagnostics: string): Promise<void>;
}

/** TaskManagers are started by hand or by scripts and come by themselves. */
export const standaloneDriver: ResourceManagerDriver = {
  fixedSlots: undefined,
  start: () => Promise.resolve(),
  onDemand: () => {},
  accepts: () => true,
  explainsWithinMs: () => 0,
  finish: () => Promise.resolve(),
};

/** The TaskManagers of a local cluster: they are there from the start, and no more will come. */
export function localDriver(slots: number): ResourceManagerDriver {
  return { ...standaloneDriver, fixedSlots: slots };
}
