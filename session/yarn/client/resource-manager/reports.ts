/*
 * What the ResourceManager tells over REST, in the shapes it has there. Fields that flink-ts does not read are left out.
 * Source: Hadoop 3.4, "ResourceManager REST API's".
 */

export type ApplicationState = 'NEW' | 'NEW_SAVING' | 'SUBMITTED' | 'ACCEPTED' | 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';
export type FinalStatus = 'UNDEFINED' | 'SUCCEEDED' | 'FAILED' | 'KILLED' | 'ENDED';

export interface ApplicationReport {
  readonly id: string;
  readonly name: string;
  readonly user: string;
  readonly queue: string;
  readonly applicationType: string;
  readonly state: ApplicationState;
  readonly finalStatus: FinalStatus;
  readonly diagnostics?: string;
  /** Where people look at it: through the ResourceManager's proxy. */
  readonly trackingUrl?: string;
  readonly originalTrackingUrl?: string;
  /** `host:port` as the ApplicationMaster registered them: where it serves REST. */
  readonly amRPCAddress?: string;
  readonly amContainerLogs?: string;
  readonly runningContainers?: number;
}

export interface NewApplication {
  readonly 'application-id': string;
  readonly 'maximum-resource-capability': { readonly memory: number; readonly vCores: number };
}

export interface NodeReport {
  readonly id: string;
  readonly state: string;
  readonly healthReport?: string;
  readonly numContainers: number;
  readonly usedMemoryMB: number;
  readonly availMemoryMB: number;
  readonly usedVirtualCores: number;
  readonly availableVirtualCores: number;
}

export interface ClusterMetrics {
  readonly activeNodes: number;
  readonly availableMB: number;
  readonly totalMB: number;
}

/** A queue of the scheduler, with shares from 0 to 1. */
export interface QueueReport {
  /** `default`. */
  readonly name: string;
  /** `root.default`. */
  readonly path: string;
  readonly currentCapacity: number;
  readonly maximumCapacity: number;
  readonly applications: number;
}

/** Ended, however. */
export function hasEnded(state: ApplicationState): boolean {
  return state === 'FINISHED' || state === 'FAILED' || state === 'KILLED';
}

/** Why an application ended, as YARN tells it, without the places in Java code that the failure went through. */
export function readableDiagnostics({ diagnostics = '' }: ApplicationReport): string {
  return diagnostics
    .split('\n')
    .filter((line) => !/^\s+at [\w.$/]+\(?/.test(line))
    .join('\n')
    .trim();
}
