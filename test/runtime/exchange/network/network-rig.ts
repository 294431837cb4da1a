import type { Logger, LogContext, StreamEvent } from '#core';
import { newJobId } from '#core';
import { channelId, type ChannelId } from '../../../../runtime/exchange/channel-id.js';
import { Doorbell } from '../../../../runtime/exchange/doorbell.js';
import { InputGate } from '../../../../runtime/exchange/input-gate.js';
import { type ExchangeFailure, NetworkThread, type NetworkThreadOptions } from '../../../../runtime/exchange/network/network-thread.js';
import { ResultPartition } from '../../../../runtime/exchange/result-partition.js';
import { createRing } from '../../../../runtime/exchange/ring.js';

export const JOB = newJobId();

export function channel(consumer: number, attempt = 0): ChannelId {
  return channelId({ jobId: JOB, attempt, edge: 0, producer: 0, consumer });
}

/** A TaskManager's network thread, with a slot that is this thread. */
export class NetworkRig {
  readonly failures: ExchangeFailure[] = [];
  readonly bell = Doorbell.create();

  private constructor(
    readonly network: NetworkThread,
    readonly port: number,
    readonly warnings: readonly string[],
  ) {
    network.onFailure((failure) => {
      this.failures.push(failure);
      this.bell.ring();
    });
  }

  static async start(options: Partial<NetworkThreadOptions> = {}): Promise<NetworkRig> {
    const warnings: string[] = [];
    const bells: Doorbell[] = [];
    const warn = (message: string, context?: LogContext): void => {
      warnings.push(`${message}: ${String(context?.['reason'])}`);
      bells.forEach((bell) => {
        bell.ring();
      });
    };
    const logger: Logger = { debug() {}, info() {}, warn, error() {} };
    const { network, port } = await NetworkThread.start(
      { bindHost: '127.0.0.1', portRange: [{ first: 0, last: 0 }], clusterId: 'test', secret: 'open', name: 'here', ...options },
      logger,
    );
    const rig = new NetworkRig(network, port, warnings);
    bells.push(rig.bell);
    return rig;
  }

  /** A partition whose channels go to the given consumers through this network thread. */
  partition(ids: readonly ChannelId[], segments: number, segmentBytes: number): ResultPartition {
    const rings = ids.map(() => createRing(segments, segmentBytes));
    ids.forEach((id, index) => {
      this.network.registerOutbound(id, rings[index]!, this.bell);
    });
    return new ResultPartition({
      operatorName: 'Map',
      subtaskIndex: 0,
      type: undefined,
      maxParallelism: 128,
      bufferTimeoutMs: -1,
      partitioning: ids.length === 1 ? { kind: 'forward' } : { kind: 'rebalance' },
      channels: rings.map((ring) => ({ ring, peerBell: this.network.bell.memory })),
    });
  }

  /** The gate of a consumer here, of a producer at the given port. */
  gate(id: ChannelId, port: number, segments: number, segmentBytes: number, onEvent: (event: StreamEvent) => void = () => {}): InputGate {
    const ring = createRing(segments, segmentBytes);
    this.network.registerInbound(id, '127.0.0.1', port, ring, this.bell);
    return new InputGate({
      channels: [{ ring, peerBell: this.network.bell.memory }],
      type: undefined,
      onEvent: (_channel, event) => {
        onEvent(event);
      },
    });
  }

  /** Does `step` whenever something happens here, until it answers true. */
  async until(step: () => boolean): Promise<void> {
    for (let seen = this.bell.rings; !step(); seen = this.bell.rings) await this.bell.waitBeyond(seen, 5000);
  }
}
