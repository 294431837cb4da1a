import type { TaskManagerId } from '#core';
import type { SlotDemand, WorkerUse } from '#runtime';
import { formatContainerId } from '../../../../session/yarn/rpc/container-id.js';
import type { Container, ContainerStatus } from '../../../../session/yarn/rpc/yarn-nouns.js';

export const RESOURCE = { memoryMb: 1024, vcores: 1 };

export function container(number: number): Container {
  const id = { application: { clusterTimestamp: 1n, number: 1 }, attempt: 1, id: BigInt(number) };
  return { id, name: formatContainerId(id), node: { host: 'node', port: 1 }, resource: RESOURCE, priority: 1, token: Buffer.alloc(0) };
}

export function containers(...numbers: readonly number[]): readonly Container[] {
  return numbers.map(container);
}

export function status(number: number, exitStatus: number, diagnostics = ''): ContainerStatus {
  const { id, name } = container(number);
  return { id, name, ended: true, exitStatus, diagnostics };
}

/** TaskManagers that are registered, with 2 slots each of which so many are free. */
export function workers(freeSlots: Readonly<Record<number, number>>): readonly WorkerUse[] {
  return Object.entries(freeSlots).map(([number, free]) => ({
    taskManagerId: container(Number(number)).name as TaskManagerId,
    slots: 2,
    freeSlots: free,
  }));
}

export function demand(missing: number, freeSlots: Readonly<Record<number, number>> = {}): SlotDemand {
  return { missing, workers: workers(freeSlots) };
}
