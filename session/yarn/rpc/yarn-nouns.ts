import { type ContainerId, formatContainerId } from './container-id.js';
import type { ServerAddress } from './open-socket.js';
import type { ContainerIdMessage, ContainerMessage, ContainerStatusMessage, NodeIdMessage, ResourceMessage } from './yarn-messages.js';

export interface ContainerResource {
  readonly memoryMb: number;
  readonly vcores: number;
}

/** A container that YARN gave us. */
export interface Container {
  readonly id: ContainerId;
  /** The id as Hadoop shows it. */
  readonly name: string;
  /** Its NodeManager. */
  readonly node: ServerAddress;
  readonly resource: ContainerResource;
  readonly priority: number;
  /** Goes to the NodeManager as it came. */
  readonly token: Buffer;
}

/** How a container stands; ended ones have an exit status. */
export interface ContainerStatus {
  readonly id: ContainerId;
  readonly name: string;
  readonly ended: boolean;
  readonly exitStatus: number;
  readonly diagnostics: string;
}

const COMPLETE = 3;

export function containerIdOf({ app_attempt_id: attempt, id = '0' }: ContainerIdMessage = {}): ContainerId {
  const { id: number = 0, cluster_timestamp: timestamp = '0' } = attempt?.application_id ?? {};
  return { application: { clusterTimestamp: BigInt(timestamp), number }, attempt: attempt?.attemptId ?? 0, id: BigInt(id) };
}

export function containerIdMessage({ application, attempt, id }: ContainerId): ContainerIdMessage {
  const applicationId = { id: application.number, cluster_timestamp: String(application.clusterTimestamp) };
  return { app_attempt_id: { application_id: applicationId, attemptId: attempt }, id: String(id) };
}

export function nodeOf({ host = '', port = 0 }: NodeIdMessage = {}): ServerAddress {
  return { host, port };
}

export function resourceOf({ memory = '0', virtual_cores: vcores = 0 }: ResourceMessage = {}): ContainerResource {
  return { memoryMb: Number(memory), vcores };
}

export function resourceMessage({ memoryMb, vcores }: ContainerResource): ResourceMessage {
  return { memory: String(memoryMb), virtual_cores: vcores };
}

export function containerOf({ id, nodeId, resource, priority, container_token: token }: ContainerMessage): Container {
  const containerId = containerIdOf(id);
  return {
    id: containerId,
    name: formatContainerId(containerId),
    node: nodeOf(nodeId),
    resource: resourceOf(resource),
    priority: priority?.priority ?? 0,
    token: token ?? Buffer.alloc(0),
  };
}

export function containerStatusOf({
  container_id: id,
  state,
  diagnostics = '',
  exit_status: exitStatus = 0,
}: ContainerStatusMessage): ContainerStatus {
  const containerId = containerIdOf(id);
  return { id: containerId, name: formatContainerId(containerId), ended: state === COMPLETE, exitStatus, diagnostics: diagnostics.trim() };
}
