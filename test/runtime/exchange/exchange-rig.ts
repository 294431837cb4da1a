import type { StreamEvent, TypeInfo } from '#core';
import type { Partitioning } from '#api';
import { Doorbell } from '../../../runtime/exchange/doorbell.js';
import { InputGate } from '../../../runtime/exchange/input-gate.js';
import { ResultPartition, type ResultPartitionOptions } from '../../../runtime/exchange/result-partition.js';
import { createRing } from '../../../runtime/exchange/ring.js';

/** What a gate handed out, in order. */
export type Received = { readonly value: unknown; readonly timestamp: number } | StreamEvent;

export interface RigOptions {
  readonly partitioning: Partitioning;
  readonly consumers: number;
  readonly type?: TypeInfo;
  readonly segments?: number;
  readonly segmentBytes?: number;
  readonly partition?: Partial<ResultPartitionOptions>;
}

/** One producing subtask and the gates of its consumers, all in this thread. */
export class ExchangeRig {
  readonly partition: ResultPartition;
  readonly gates: readonly InputGate[];
  readonly received: readonly Received[][];
  readonly producerBell = Doorbell.create();
  readonly consumerBell = Doorbell.create();
  /** Stops the reader after each record while set. */
  readonly gate = { blocked: false };
  stopAfterEach = false;

  constructor({ partitioning, consumers, type, segments = 3, segmentBytes = 1024, partition }: RigOptions) {
    const rings = Array.from({ length: consumers }, () => createRing(segments, segmentBytes));
    this.partition = new ResultPartition({
      operatorName: 'Map',
      subtaskIndex: 0,
      partitioning,
      type,
      maxParallelism: 128,
      bufferTimeoutMs: 100,
      channels: rings.map((ring) => ({ ring, peerBell: this.consumerBell.memory })),
      ...partition,
    });
    this.received = rings.map(() => []);
    this.gates = rings.map(
      (ring, index) =>
        new InputGate({
          channels: [{ ring, peerBell: this.producerBell.memory }],
          type,
          onEvent: (_channel, event) => {
            this.received[index]!.push(event);
          },
        }),
    );
  }

  /** Lets one consumer take up to `maxSegments`. */
  poll(consumer: number, maxSegments = 1): boolean {
    this.gate.blocked = false;
    return this.gates[consumer]!.poll(
      (value, timestamp) => {
        this.received[consumer]!.push({ value, timestamp });
        this.gate.blocked = this.stopAfterEach;
      },
      this.gate,
      maxSegments,
    );
  }

  /** Emits, then lets the consumers take everything. */
  settle(): void {
    this.stopAfterEach = false;
    this.partition.flush();
    for (let progress = true; progress;) {
      progress = this.partition.drain();
      this.gates.forEach((_, consumer) => {
        progress = this.poll(consumer, 8) || progress;
      });
    }
  }

  values(consumer: number): unknown[] {
    return this.received[consumer]!.flatMap((element) => ('value' in element ? [element.value] : []));
  }
}
