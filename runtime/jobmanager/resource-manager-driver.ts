import type { TaskManagerId } from '#core';

/** How the cluster as a whole ended, for whoever runs it. */
export type FinalStatus = 'SUCCEEDED' | 'FAILED' | 'CANCELED' | 'UNKNOWN';

/** What a driver tells the JobManager. */
export interface WorkerEvents {
  /** The process of a TaskManager ended, as its keeper says; sooner and with a better reason than its connection tells. */
  onWorkerLost(taskManagerId: TaskManagerId, reason: string): void;
}

/** Where TaskManagers come from: one implementation for each kind of cluster. */
export interface ResourceManagerDriver {
  /** How many slots there will ever be; undefined when more may come. */
  readonly fixedSlots: number | undefined;
  start(events: WorkerEvents): Promise<void>;
  /** Jobs wait for that many slots more than there are. Called again whenever the number changes. */
  slotsWanted(missing: number): void;
  /** The cluster ends: workers may go. */
  finish(status: FinalStatus, diagnostics: string): Promise<void>;
}

/** TaskManagers are started by hand or by scripts and come by themselves. */
export const standaloneDriver: ResourceManagerDriver = {
  fixedSlots: undefined,
  start: () => Promise.resolve(),
  slotsWanted: () => {},
  finish: () => Promise.resolve(),
};

/** The TaskManagers of a local cluster: they are there from the start, and no more will come. */
export function localDriver(slots: number): ResourceManagerDriver {
  return { ...standaloneDriver, fixedSlots: slots };
}
