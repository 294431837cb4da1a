import type { Clock } from '#core';
import { type ContainerId, formatContainerId } from './container-id.js';
import { HadoopRemoteError, NmTokenMissingError } from './errors.js';
import type { NmTokens } from './nm-tokens.js';
import { formatAddress, type ServerAddress } from './open-socket.js';
import { RpcConnection, type RpcMethod } from './rpc-connection.js';
import { getContainerStatuses, type LaunchContextMessage, startContainers, stopContainers } from './yarn-messages.js';
import { type Container, containerIdMessage, containerIdOf, type ContainerStatus, containerStatusOf } from './yarn-nouns.js';

export interface NodeManagerClientOptions {
  readonly tokens: NmTokens;
  readonly clock: Clock;
  readonly connectTimeoutMs: number;
  readonly callTimeoutMs: number;
}

const PROTOCOL = 'org.apache.hadoop.yarn.api.ContainerManagementProtocolPB';

/** A container that the NodeManager would not start or stop, and why. */
export interface ContainerRefusal {
  readonly name: string;
  readonly error: HadoopRemoteError;
}

/**
 * Starts and stops containers at their NodeManagers (ContainerManagementProtocol). Each call has a connection of its own: they are rare,
 * and so the newest token counts.
 */
export class NodeManagerClient {
  constructor(private readonly options: NodeManagerClientOptions) {}

  /** Starts containers of one node; answers those that it refused. Throws what {@link RpcConnection} does, and `NmTokenMissingError`. */
  async start(
    node: ServerAddress,
    launches: readonly { readonly container: Container; readonly context: LaunchContextMessage }[],
  ): Promise<readonly ContainerRefusal[]> {
    const requests = launches.map(({ container, context }) => ({ container_launch_context: context, container_token: container.token }));
    const { failed_requests: failed } = await this.#call(node, startContainers, { start_container_request: requests });
    return refusals(failed);
  }

  async stop(node: ServerAddress, containers: readonly ContainerId[]): Promise<readonly ContainerRefusal[]> {
    const { failed_requests: failed } = await this.#call(node, stopContainers, { container_id: containers.map(containerIdMessage) });
    return refusals(failed);
  }

  /** Containers that the node does not know are left out. */
  async statuses(node: ServerAddress, containers: readonly ContainerId[]): Promise<readonly ContainerStatus[]> {
    const { status } = await this.#call(node, getContainerStatuses, { container_id: containers.map(containerIdMessage) });
    return status.map(containerStatusOf);
  }

  async #call<Q, R>(node: ServerAddress, method: RpcMethod<Q, R>, request: Q): Promise<R> {
    const { tokens, clock, connectTimeoutMs, callTimeoutMs } = this.options;
    const token = tokens.get(node);
    if (!token) throw new NmTokenMissingError(formatAddress(node));
    const connection = await RpcConnection.open({
      address: node,
      protocol: PROTOCOL,
      credentials: { token },
      clock,
      connectTimeoutMs,
      callTimeoutMs,
    });
    try {
      return await connection.call(method, request);
    } finally {
      connection.close();
    }
  }
}

function refusals(
  failed: readonly {
    readonly container_id?: Parameters<typeof containerIdOf>[0];
    readonly exception?: { readonly message?: string; readonly class_name?: string };
  }[],
): readonly ContainerRefusal[] {
  return failed.map(({ container_id: id, exception: { message = '', class_name: remoteClass = 'unknown' } = {} }) => ({
    name: formatContainerId(containerIdOf(id)),
    error: new HadoopRemoteError(remoteClass, message, false, undefined),
  }));
}
