import { expect } from 'chai';
import fc from 'fast-check';
import { FileSystems, systemClock, type RecordConsumer, type StreamEvent } from '#core';
import type { ChannelName, InFlightHandle } from '../../../runtime/checkpoint/handles.js';
import { FileSnapshotReader } from '../../../runtime/checkpoint/storage/file-snapshot-reader.js';
import { MemorySnapshotStream } from '../../../runtime/checkpoint/storage/memory-snapshot-stream.js';
import { Doorbell } from '../../../runtime/exchange/doorbell.js';
import { InputGate } from '../../../runtime/exchange/input-gate.js';
import { ResultPartition } from '../../../runtime/exchange/result-partition.js';
import { createRing } from '../../../runtime/exchange/ring.js';
import { GateEvents } from '../../../runtime/task/gate-events.js';
import { InFlightWriter } from '../../../runtime/task/in-flight-writer.js';
import { loadInFlight, ReplayedChannels } from '../../../runtime/task/replayed-channels.js';

const PRODUCERS = 2;
const EDGE = { from: 'source', to: 'sink', input: 0 };
const BARRIER = {
  kind: 'barrier',
  checkpointId: 1,
  timestamp: 0,
  options: { mode: 'EXACTLY_ONCE', unaligned: true, alignedTimeoutMs: 0 },
} as const;

/** What happens to the exchange, in order. */
type Step =
  | { readonly kind: 'emit'; readonly producer: number; readonly value: unknown; readonly timestamp: number }
  | { readonly kind: 'flush' | 'drain' | 'barrier' | 'announce' | 'end'; readonly producer: number }
  /** Takes some records, in the middle of a segment if need be. */
  | { readonly kind: 'take'; readonly records: number }
  | { readonly kind: 'look' };

const producer = fc.nat({ max: PRODUCERS - 1 });
const anyValue = fc.oneof(
  { weight: 6, arbitrary: fc.integer() },
  { weight: 2, arbitrary: fc.string({ maxLength: 40 }) },
  // Larger than a segment.
  { weight: 1, arbitrary: fc.string({ minLength: 1500, maxLength: 4000 }) },
  { weight: 1, arbitrary: fc.record({ a: fc.integer(), b: fc.string({ maxLength: 5 }) }) },
);
const emit = fc.record({ kind: fc.constant('emit' as const), producer, value: anyValue, timestamp: fc.constantFrom(-Infinity, 5) });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: emit },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('flush' as const, 'drain' as const, 'announce' as const), producer }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('take' as const), records: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'look' }) },
);

/** Producers with one channel each to one consumer, which takes part in one unaligned checkpoint. */
class Exchange {
  readonly emitted: unknown[][] = Array.from({ length: PRODUCERS }, () => []);
  /** Emitted before the barrier. */
  readonly before: unknown[][] = Array.from({ length: PRODUCERS }, () => []);
  readonly processed: unknown[] = [];
  /** Processed when the snapshot was taken. */
  inSnapshot: unknown[] | undefined;
  readonly handles: InFlightHandle[] = [];
  readonly #names = Array.from({ length: PRODUCERS }, (_, index): ChannelName => ({ ...EDGE, producer: index, consumer: 0 }));
  readonly #bell = Doorbell.create();
  readonly #partitions: readonly ResultPartition[];
  readonly #gate: InputGate;
  readonly #events: GateEvents;
  readonly #state = Array.from({ length: PRODUCERS }, (): 'running' | 'barrier' | 'announced' | 'ended' => 'running');
  readonly #closing: Promise<void>[] = [];

  constructor() {
    const rings = Array.from({ length: PRODUCERS }, () => createRing(2, 1024));
    const peerBell = this.#bell.memory;
    this.#partitions = rings.map(
      (ring) =>
        new ResultPartition({
          operatorName: 'Source',
          subtaskIndex: 0,
          partitioning: { kind: 'global' },
          type: undefined,
          maxParallelism: 128,
          bufferTimeoutMs: 100,
          channels: [{ ring, peerBell }],
        }),
    );
    this.#events = new GateEvents([this.#names], {
      onWatermark: () => undefined,
      onIdle: () => undefined,
      onSubsumed: () => undefined,
      onAligned: () => {
        throw new Error('barriers overtake');
      },
      onOvertaken: (_checkpoint, record) => {
        this.inSnapshot = [...this.processed];
        const writer = new InFlightWriter(new MemorySnapshotStream(1 << 24));
        this.#closing.push(record(writer).then(() => this.#close(writer)));
      },
      clock: systemClock,
      wake: () => undefined,
    });
    const onEvent = (channel: number, event: StreamEvent): void => {
      this.#events.onEvent(0, channel, event);
    };
    this.#gate = new InputGate({ channels: rings.map((ring) => ({ ring, peerBell })), type: undefined, onEvent, overtaking: true });
    this.#events.attach([this.#gate]);
  }

  do(step: Step): void {
    if (step.kind === 'take') this.#take(step.records);
    else if (step.kind === 'look') this.#events.look();
    else if (this.#state[step.producer] !== 'ended') this.#produce(step);
  }

  /** Lets the checkpoint and all channels come to their end. */
  async finish(): Promise<void> {
    for (let index = 0; index < PRODUCERS; index++) {
      this.do({ kind: 'barrier', producer: index });
      this.do({ kind: 'announce', producer: index });
      this.do({ kind: 'end', producer: index });
    }
    while (!this.#gate.finished) {
      for (const partition of this.#partitions) partition.drain();
      this.#take(1000);
    }
    this.#events.look();
    await Promise.all(this.#closing);
  }

  /** What a subtask that is restored from the checkpoint has processed when all in flight has been replayed. */
  async restored(): Promise<unknown[]> {
    const values = [...this.inSnapshot!];
    const consume: RecordConsumer = (value) => values.push(value);
    const loaded = await loadInFlight({ handles: this.handles, shared: false }, new FileSnapshotReader(new FileSystems()));
    const replay = new ReplayedChannels(loaded, [{ name: EDGE, type: undefined, consume, isOwn: undefined }]);
    while (!replay.done) replay.poll({ blocked: false });
    return values;
  }

  #produce(step: Exclude<Step, { kind: 'take' | 'look' }>): void {
    const partition = this.#partitions[step.producer]!;
    if (step.kind === 'emit') {
      this.emitted[step.producer]!.push(step.value);
      partition.emit(step.value, step.timestamp);
    } else if (step.kind === 'flush') partition.flush();
    else if (step.kind === 'drain') partition.drain();
    else if (step.kind === 'barrier') this.#barrier(step.producer, partition);
    else if (step.kind === 'announce') this.#announce(step.producer, partition);
    else {
      this.#state[step.producer] = 'ended';
      partition.broadcastEvent({ kind: 'endOfInput' });
    }
  }

  #barrier(index: number, partition: ResultPartition): void {
    if (this.#state[index] !== 'running') return;
    this.#state[index] = 'barrier';
    this.before[index]!.push(...this.emitted[index]!);
    partition.sendBarrier(BARRIER);
    // Some announce it at once, others when they have waited.
    if (index === 0) this.#announce(index, partition);
  }

  #announce(index: number, partition: ResultPartition): void {
    if (this.#state[index] !== 'barrier') return;
    this.#state[index] = 'announced';
    const writer = new InFlightWriter(new MemorySnapshotStream(1 << 24));
    partition.announceBarrier(BARRIER, () => writer.ofProducer(this.#names[index]!));
    this.#closing.push(this.#close(writer));
  }

  async #close(writer: InFlightWriter): Promise<void> {
    const handle = await writer.close();
    if (handle !== undefined) this.handles.push(handle);
  }

  #take(records: number): void {
    const gate = { blocked: false };
    let left = records;
    const consume: RecordConsumer = (value) => {
      this.processed.push(value);
      if (--left === 0) gate.blocked = true;
    };
    this.#gate.poll(consume, gate, 4);
    if (!gate.blocked) this.#events.look();
  }
}

describe('barriers that overtake records', function () {
  it('leave nothing out of the checkpoint and nothing in it twice, wherever the two ends stand', async () => {
    const property = fc.asyncProperty(
      fc.array(anyStep, { maxLength: 60, size: 'max' }),
      fc.array(fc.nat(), { minLength: 2, maxLength: 2 }),
      check,
    );
    await fc.assert(property, { numRuns: 200 });
  });

  it('take all that a producer sent that has ended before them', async () => {
    const exchange = new Exchange();
    for (let index = 0; index < 20; index++) exchange.do({ kind: 'emit', producer: 1, value: index, timestamp: -Infinity });
    exchange.do({ kind: 'end', producer: 1 });
    exchange.do({ kind: 'barrier', producer: 0 });
    exchange.do({ kind: 'look' });
    expect(exchange.inSnapshot).to.deep.equal([]);
    await exchange.finish();
    expect(await exchange.restored()).to.have.length(20);
  });
});

/** @param barriers behind which step each producer's barrier comes. */
async function check(steps: readonly Step[], barriers: readonly number[]): Promise<void> {
  const exchange = new Exchange();
  for (const [index, step] of steps.entries()) {
    for (const [from, at] of barriers.entries()) if (at % (steps.length + 1) === index) exchange.do({ kind: 'barrier', producer: from });
    exchange.do(step);
  }
  await exchange.finish();
  const restored = await exchange.restored();
  expect(sorted(restored)).to.deep.equal(sorted(exchange.before.flat()));
}

function sorted(values: readonly unknown[]): readonly string[] {
  return values.map((value) => JSON.stringify(value)).sort();
}
