import type { JobId, TaskManagerId } from '#core';
import { consumersOf, producersOf } from '../plan/distribution.js';
import type { JobEdge } from '../plan/job-graph.js';
import type { ChannelEnd, Placement, SlotDeployment, SubtaskChannels, SubtaskId } from '../task/deployment.js';
import { attemptPrefix, channelId, type ChannelId } from './channel-id.js';
import type { Doorbell } from './doorbell.js';
import type { NetworkMemory } from './network-memory.js';
import { createRing } from './ring.js';

/** What the allocator asks of the network thread. */
export interface ChannelNetwork {
  readonly bell: Doorbell;
  registerOutbound(id: ChannelId, ring: SharedArrayBuffer, slotBell: Doorbell): void;
  registerInbound(id: ChannelId, host: string, port: number, ring: SharedArrayBuffer, slotBell: Doorbell): void;
  release(jobId: JobId, attempt: number): void;
}

export interface ChannelAllocatorOptions {
  readonly taskManagerId: TaskManagerId;
  /** By slot index. */
  readonly slotBells: readonly Doorbell[];
  readonly network: ChannelNetwork;
  readonly memory: NetworkMemory;
  /** `taskmanager.network.memory.buffers-per-channel` */
  readonly buffersPerChannel: number;
  /** `taskmanager.network.memory.floating-buffers-per-gate` */
  readonly floatingBuffersPerGate: number;
}

/** A channel with an end in the slot that is deployed. */
interface PlannedChannel {
  readonly id: ChannelId;
  readonly side: 'input' | 'output';
  readonly edge: JobEdge;
  /** The subtask here. */
  readonly subtask: SubtaskId;
  /** Where the other end is. */
  readonly peer: Placement;
  readonly segments: number;
}

interface HeldRing {
  readonly ring: SharedArrayBuffer;
  readonly segments: number;
}

/** A producer cannot fill one segment while the other is read unless there are two. */
const MIN_SEGMENTS = 2;

/**
 * Makes the channels of slots as they are deployed, in the main thread of a TaskManager. The two ends of a channel within the process share
 * one ring, made by whichever slot is deployed first; an end whose other one is elsewhere gets a ring of its own, shared with the network
 * thread.
 */
export class ChannelAllocator {
  readonly #rings = new Map<ChannelId, HeldRing>();

  constructor(private readonly options: ChannelAllocatorOptions) {}

  /** The channels of all subtasks of a slot. Throws `InsufficientNetworkBuffersError`; then nothing was allocated. */
  allocate(deployment: SlotDeployment): readonly SubtaskChannels[] {
    const planned = new DeploymentPlan(deployment, this.options).channels();
    const missing = new Map(planned.filter(({ id }) => !this.#rings.has(id)).map(({ id, segments }) => [id, segments]));
    this.options.memory.take([...missing.values()].reduce((sum, segments) => sum + segments, 0));
    for (const [id, segments] of missing) {
      this.#rings.set(id, { ring: createRing(segments, this.options.memory.segmentSizeBytes), segments });
    }
    return deployment.subtasks.map((subtask) => this.#channelsOf(subtask, deployment, planned));
  }

  /** Gives back all channels of an attempt that has ended everywhere. Until then, rings may hold what finished subtasks sent. */
  release(jobId: JobId, attempt: number): void {
    this.options.network.release(jobId, attempt);
    const prefix = attemptPrefix(jobId, attempt);
    for (const [id, { segments }] of this.#rings) {
      if (!id.startsWith(prefix)) continue;
      this.#rings.delete(id);
      this.options.memory.give(segments);
    }
  }

  #channelsOf(subtask: SubtaskId, { graph, slot }: SlotDeployment, planned: readonly PlannedChannel[]): SubtaskChannels {
    const own = planned.filter((channel) => channel.subtask === subtask);
    const ends = (side: PlannedChannel['side'], edges: readonly JobEdge[]): Record<number, readonly ChannelEnd[]> =>
      Object.fromEntries(
        edges.map((edge) => [
          edge.id,
          own.filter((channel) => channel.side === side && channel.edge === edge).map((channel) => this.#connect(channel, slot)),
        ]),
      );
    return {
      ...subtask,
      inputs: ends(
        'input',
        graph.edges.filter((edge) => edge.to === subtask.vertexId),
      ),
      outputs: ends(
        'output',
        graph.edges.filter((edge) => edge.from === subtask.vertexId),
      ),
    };
  }

  #connect({ id, side, peer }: PlannedChannel, slot: number): ChannelEnd {
    const { ring } = this.#rings.get(id)!;
    const { network, slotBells, taskManagerId } = this.options;
    if (peer.taskManagerId === taskManagerId) return { ring, peerBell: slotBells[peer.slot]!.memory };
    const slotBell = slotBells[slot]!;
    if (side === 'output') network.registerOutbound(id, ring, slotBell);
    else network.registerInbound(id, peer.host, peer.dataPort, ring, slotBell);
    return { ring, peerBell: network.bell.memory };
  }
}

/** Which channels a slot's subtasks have, in the order their ends are listed. */
class DeploymentPlan {
  readonly #parallelism: ReadonlyMap<string, number>;
  readonly #placements: ReadonlyMap<string, Placement>;

  constructor(
    private readonly deployment: SlotDeployment,
    private readonly options: ChannelAllocatorOptions,
  ) {
    this.#parallelism = new Map(deployment.graph.vertices.map(({ id, parallelism }) => [id, parallelism]));
    this.#placements = new Map(deployment.placements.map((placement) => [`${placement.vertexId}/${placement.subtaskIndex}`, placement]));
  }

  channels(): readonly PlannedChannel[] {
    const { subtasks, graph } = this.deployment;
    return subtasks.flatMap((subtask) =>
      graph.edges.flatMap((edge) => [
        ...(edge.to === subtask.vertexId ? this.#inputs(edge, subtask) : []),
        ...(edge.from === subtask.vertexId ? this.#outputs(edge, subtask) : []),
      ]),
    );
  }

  #inputs(edge: JobEdge, subtask: SubtaskId): readonly PlannedChannel[] {
    const consumer = subtask.subtaskIndex;
    const producers = producersOf(edge.partitioning, consumer, this.#of(edge.from), this.#of(edge.to));
    return producers.map((producer) => this.#channel('input', edge, subtask, producer, consumer));
  }

  #outputs(edge: JobEdge, subtask: SubtaskId): readonly PlannedChannel[] {
    const producer = subtask.subtaskIndex;
    const consumers = consumersOf(edge.partitioning, producer, this.#of(edge.from), this.#of(edge.to));
    return consumers.map((consumer) => this.#channel('output', edge, subtask, producer, consumer));
  }

  #channel(side: 'input' | 'output', edge: JobEdge, subtask: SubtaskId, producer: number, consumer: number): PlannedChannel {
    const { jobId } = this.deployment.graph;
    const id = channelId({ jobId, attempt: this.deployment.attempt, edge: edge.id, producer, consumer });
    const peer = side === 'input' ? `${edge.from}/${producer}` : `${edge.to}/${consumer}`;
    return { id, side, edge, subtask, peer: this.#placements.get(peer)!, segments: this.#segments(edge, consumer) };
  }

  /** Segments of a ring: counted at the consumer's gate, so that both ends come to the same. */
  #segments(edge: JobEdge, consumer: number): number {
    const { buffersPerChannel, floatingBuffersPerGate } = this.options;
    const channels = this.#channelsOfGate(edge, consumer);
    return Math.max(MIN_SEGMENTS, buffersPerChannel + Math.ceil(floatingBuffersPerGate / channels));
  }

  /** Asked for every channel, so that the list of producers is made for pointwise edges only, where it is short. */
  #channelsOfGate(edge: JobEdge, consumer: number): number {
    const producers = this.#of(edge.from);
    const pointwise = edge.partitioning === 'forward' || edge.partitioning === 'rescale';
    return pointwise ? producersOf(edge.partitioning, consumer, producers, this.#of(edge.to)).length : producers;
  }

  #of(vertex: string): number {
    return this.#parallelism.get(vertex)!;
  }
}
