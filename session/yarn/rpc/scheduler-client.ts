import type { Logger } from '#core';
import type { ContainerId } from './container-id.js';
import { ApplicationMasterDismissedError, HadoopRemoteError } from './errors.js';
import { NmTokens } from './nm-tokens.js';
import type { SchedulerConnection } from './scheduler-connection.js';
import {
  allocate,
  type AllocateRequest,
  type AllocateResponse,
  finishApplicationMaster,
  registerApplicationMaster,
} from './yarn-messages.js';
import {
  type Container,
  containerIdMessage,
  containerOf,
  type ContainerResource,
  type ContainerStatus,
  containerStatusOf,
  resourceMessage,
  resourceOf,
} from './yarn-nouns.js';

/** Where an application master is reached, as the ResourceManager tells it to clients. */
export interface ApplicationMasterAddress {
  readonly host: string;
  readonly port: number;
  readonly trackingUrl: string;
}

/** How many containers of a kind are wanted in all: an absolute number, that replaces what was said before. */
export interface ContainerAsk {
  readonly priority: number;
  readonly resource: ContainerResource;
  readonly count: number;
  readonly nodeLabel?: string;
}

export interface Heartbeat {
  readonly asks: readonly ContainerAsk[];
  readonly releases: readonly ContainerId[];
}

export interface Registration {
  /** The largest container that the ResourceManager gives. */
  readonly maximum: ContainerResource;
  /** Those of earlier attempts of this application that still run. */
  readonly previous: readonly Container[];
}

/** What a heartbeat brought. */
export interface Allocation {
  /** The ResourceManager knew nothing of us, and has registered us anew: all that is wanted has to be told again. */
  readonly resync: boolean;
  readonly allocated: readonly Container[];
  readonly completed: readonly ContainerStatus[];
}

export type ApplicationStatus = 'SUCCEEDED' | 'FAILED' | 'KILLED';

const FINAL_STATUS: Readonly<Record<ApplicationStatus, number>> = { SUCCEEDED: 1, FAILED: 2, KILLED: 3 };
const AmCommand = { resync: 1, shutDown: 2 } as const;
const ANY_NODE = '*';
/** What the ResourceManager says to a master whose application has ended, or of which a newer attempt runs. */
const DISMISSALS = ['ApplicationAttemptNotFoundException', 'ApplicationMasterShutdownException', 'InvalidToken'];

/**
 * An application master's talk with the scheduler of the ResourceManager (ApplicationMasterProtocol). One call at a time.
 *
 * Heartbeats are numbered. One whose answer was lost is sent again as it was, with its number: the ResourceManager then answers as it did
 * before. After a restart it knows no masters; we register anew and count from 0.
 *
 * Throws what `RpcConnection` does, and `ApplicationMasterDismissedError`.
 */
export class SchedulerClient {
  readonly nmTokens = new NmTokens();
  #address: ApplicationMasterAddress | undefined;
  #responseId = 0;
  #unanswered: AllocateRequest | undefined;

  constructor(
    private readonly connection: SchedulerConnection,
    private readonly logger: Logger,
  ) {}

  async register(address: ApplicationMasterAddress): Promise<Registration> {
    this.#address = address;
    const { host, port, trackingUrl } = address;
    const request = { host, rpc_port: port, tracking_url: trackingUrl };
    const response = await this.#call(() => this.connection.call(registerApplicationMaster, request));
    this.#responseId = 0;
    this.#unanswered = undefined;
    this.nmTokens.add(response.nm_tokens_from_previous_attempts);
    const previous = response.containers_from_previous_attempts.map(containerOf);
    return { maximum: resourceOf(response.maximumCapability), previous };
  }

  /** `next` is asked what to say unless an earlier heartbeat has to be said again. */
  async heartbeat(next: () => Heartbeat): Promise<Allocation> {
    this.#unanswered ??= this.#request(next());
    const request = this.#unanswered;
    try {
      const response = await this.#call(() => this.connection.call(allocate, request));
      if (response.a_m_command === AmCommand.shutDown) throw new ApplicationMasterDismissedError('it is told to shut down');
      if (response.a_m_command === AmCommand.resync) return await this.#resync();
      return this.#accept(response);
    } catch (error) {
      if (isUnknownMaster(error)) return await this.#resync();
      throw error;
    }
  }

  /** Says how the application ended; answers whether the ResourceManager has noted it. It has to be asked until it has. */
  async finish(status: ApplicationStatus, diagnostics: string, trackingUrl: string): Promise<boolean> {
    const request = { diagnostics, tracking_url: trackingUrl, final_application_status: FINAL_STATUS[status] };
    try {
      const { isUnregistered = false } = await this.#call(() => this.connection.call(finishApplicationMaster, request));
      return isUnregistered;
    } catch (error) {
      if (!isUnknownMaster(error)) throw error;
      await this.#resync();
      return false;
    }
  }

  close(): void {
    this.connection.close();
  }

  #request({ asks, releases }: Heartbeat): AllocateRequest {
    const ask = asks.map(({ priority, resource, count, nodeLabel }) => ({
      priority: { priority },
      resource_name: ANY_NODE,
      capability: resourceMessage(resource),
      num_containers: count,
      relax_locality: true,
      ...(nodeLabel === undefined ? {} : { node_label_expression: nodeLabel }),
    }));
    return { ask, release: releases.map(containerIdMessage), response_id: this.#responseId, progress: 0 };
  }

  #accept(response: AllocateResponse): Allocation {
    this.#unanswered = undefined;
    this.#responseId = response.response_id ?? this.#responseId + 1;
    if (response.am_rm_token) this.connection.renewToken(response.am_rm_token);
    this.nmTokens.add(response.nm_tokens);
    return {
      resync: false,
      allocated: response.allocated_containers.map(containerOf),
      completed: response.completed_container_statuses.map(containerStatusOf),
    };
  }

  async #resync(): Promise<Allocation> {
    this.logger.info('registering again: the ResourceManager was restarted');
    await this.register(this.#address!);
    return { resync: true, allocated: [], completed: [] };
  }

  async #call<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof HadoopRemoteError && DISMISSALS.some((name) => error.is(name))) {
        throw new ApplicationMasterDismissedError(error.message, error);
      }
      throw error;
    }
  }
}

function isUnknownMaster(error: unknown): boolean {
  return error instanceof HadoopRemoteError && error.is('ApplicationMasterNotRegisteredException');
}
