import { expect } from 'chai';
import fc from 'fast-check';
import { keyGroupOf, NO_TIMESTAMP, type StreamEvent, subtaskOfKeyGroup, Types, type TypeInfo } from '#core';
import { type KeySpec, MissingFieldError, type Partitioning } from '#api';
import { fieldSelector } from '../../../api/stream/key-spec.js';
import { OverdraftExceededError, PartitionOutOfRangeError, RecordNotSentError } from '../../../runtime/exchange/errors.js';
import { ExchangeRig, type Received } from './exchange-rig.js';

const keyed = (field?: string): Partitioning => ({
  kind: 'hash',
  key: { select: (value) => (value as { readonly key: unknown }).key, ...(field === undefined ? {} : { field }) },
});

const anyRecord = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.string(),
  fc.string({ minLength: 300, maxLength: 2000 }),
  fc.record({ id: fc.integer(), name: fc.string() }),
  fc.record({ id: fc.maxSafeInteger(), name: fc.option(fc.string({ unit: 'grapheme' })), price: fc.double() }),
  fc.tuple(fc.string(), fc.integer()),
  fc.array(fc.integer(), { maxLength: 40 }),
  fc.constant(null),
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
  fc.uint8Array({ maxLength: 3000 }),
);
const anyTimestamp = fc.oneof({ arbitrary: fc.constant(NO_TIMESTAMP), weight: 5 }, { arbitrary: fc.maxSafeInteger(), weight: 1 });
const anyEvent: fc.Arbitrary<StreamEvent> = fc.oneof(
  fc.record({ kind: fc.constant('watermark' as const), timestamp: fc.maxSafeInteger() }),
  fc.record({ kind: fc.constant('status' as const), idle: fc.boolean() }),
);

type Step =
  | { readonly do: 'emit'; readonly value: unknown; readonly timestamp: number }
  | { readonly do: 'event'; readonly event: StreamEvent }
  | { readonly do: 'flush' | 'drain' }
  | { readonly do: 'poll'; readonly consumer: number; readonly stop: boolean };
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.record({ do: fc.constant('emit' as const), value: anyRecord, timestamp: anyTimestamp }), weight: 12 },
  { arbitrary: fc.record({ do: fc.constant('event' as const), event: anyEvent }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constantFrom('flush' as const, 'drain' as const) }), weight: 2 },
  { arbitrary: fc.record({ do: fc.constant('poll' as const), consumer: fc.nat(2), stop: fc.boolean() }), weight: 3 },
);

function run(rig: ExchangeRig, steps: readonly Step[]): void {
  for (const step of steps) {
    switch (step.do) {
      case 'emit':
        rig.partition.emit(step.value, step.timestamp);
        break;
      case 'event':
        rig.partition.broadcastEvent(step.event);
        break;
      case 'flush':
        rig.partition.flush();
        break;
      case 'drain':
        rig.partition.drain();
        break;
      case 'poll':
        rig.stopAfterEach = step.stop;
        rig.poll(step.consumer % rig.gates.length);
    }
  }
  rig.settle();
}

/** What every consumer gets when every record goes everywhere. */
function everything(steps: readonly Step[]): Received[] {
  return steps.flatMap((step): Received[] => {
    if (step.do === 'emit') return [{ value: step.value, timestamp: step.timestamp }];
    return step.do === 'event' ? [step.event] : [];
  });
}

describe('result partition and input gate', () => {
  it('carry any records and events in order, whatever the consumers do', () => {
    const shape = {
      consumers: fc.integer({ min: 1, max: 3 }),
      segments: fc.integer({ min: 1, max: 5 }),
      segmentBytes: fc.constantFrom(256, 512, 4096),
    };
    fc.assert(
      fc.property(fc.record(shape), fc.array(anyStep, { maxLength: 120 }), (options, steps) => {
        const rig = new ExchangeRig({ ...options, partitioning: { kind: 'broadcast' } });
        run(rig, steps);
        for (const received of rig.received) expect(received).to.deep.equal(everything(steps));
        const records = everything(steps).filter((element) => 'value' in element).length;
        expect(rig.partition.recordsOut).to.equal(records * options.consumers);
        for (const gate of rig.gates) expect(gate.recordsIn).to.equal(records);
        expect(rig.partition.bytesOut).to.equal(rig.gates.reduce((sum, gate) => sum + gate.bytesIn, 0));
        expect(rig.partition.overdraftSegments).to.equal(0);
        expect(rig.partition.blocked).to.equal(false);
      }),
      { numRuns: 150 },
    );
  });

  it('carry records of a declared type, first without and then with timestamps', () => {
    class Order {
      constructor(
        readonly id: number,
        readonly item: string,
      ) {}
    }
    const type: TypeInfo = {
      kind: 'object',
      name: 'Order',
      fields: [
        { name: 'id', type: Types.long },
        { name: 'item', type: Types.string },
      ],
      create: (fields) => new Order(fields['id'] as number, fields['item'] as string),
    };
    const rig = new ExchangeRig({ partitioning: { kind: 'forward' }, consumers: 1, type });
    rig.partition.emit(new Order(1, 'tea'), NO_TIMESTAMP);
    rig.partition.emit(new Order(2 ** 40, 'x'.repeat(3000)), 7);
    rig.partition.emit(new Order(3, 'milk'), NO_TIMESTAMP);
    rig.settle();
    expect(rig.received[0]).to.deep.equal([
      { value: new Order(1, 'tea'), timestamp: NO_TIMESTAMP },
      { value: new Order(2 ** 40, 'x'.repeat(3000)), timestamp: 7 },
      { value: new Order(3, 'milk'), timestamp: NO_TIMESTAMP },
    ]);
    expect(rig.values(0).every((value) => value instanceof Order)).to.equal(true);
  });

  it('name the operator whose record cannot be sent', () => {
    const inferred = new ExchangeRig({ partitioning: { kind: 'forward' }, consumers: 1 });
    expect(() => {
      inferred.partition.emit({ id: 1, callback: () => 1 }, NO_TIMESTAMP);
    }).to.throw(RecordNotSentError, 'operator "Map" emitted');
    const declared = new ExchangeRig({ partitioning: { kind: 'forward' }, consumers: 1, type: Types.int });
    declared.partition.emit(1, NO_TIMESTAMP);
    expect(() => {
      declared.partition.emit('one', NO_TIMESTAMP);
    }).to.throw(RecordNotSentError, 'operator "Map" emitted');
  });

  describe('flow', () => {
    it('blocks with one segment in reserve, sets the gate, and goes on when half of the ring is free', () => {
      const gate = { blocked: false };
      const rig = new ExchangeRig({ partitioning: { kind: 'forward' }, consumers: 1, segments: 4, segmentBytes: 256, partition: { gate } });
      let emitted = 0;
      while (!rig.partition.blocked) rig.partition.emit(emitted++, NO_TIMESTAMP);
      expect(gate.blocked).to.equal(true);
      expect(rig.partition.overdraftSegments).to.equal(0);
      expect(rig.partition.drain()).to.equal(false);
      const rings = rig.producerBell.rings;
      rig.poll(0);
      expect(rig.producerBell.rings).to.equal(rings + 1);
      expect(rig.partition.drain()).to.equal(true);
      expect(rig.partition.blocked).to.equal(false);
      rig.settle();
      expect(rig.values(0)).to.deep.equal(Array.from({ length: emitted }, (_, i) => i));
    });

    it('overdraws when one call emits more than there is room for, up to its limit', () => {
      const rig = new ExchangeRig({
        partitioning: { kind: 'forward' },
        consumers: 1,
        segmentBytes: 256,
        partition: { maxOverdraftSegments: 5 },
      });
      let emitted = 0;
      const flood = (): never => {
        for (;;) rig.partition.emit(emitted++, NO_TIMESTAMP);
      };
      expect(flood).to.throw(OverdraftExceededError, 'operator "Map" emitted more records in one call than 5 segments hold');
      expect(rig.partition.overdraftSegments).to.equal(5);
      rig.settle();
      expect(rig.partition.overdraftSegments).to.equal(0);
      expect(rig.values(0)).to.deep.equal(Array.from({ length: emitted - 1 }, (_, i) => i));
    });

    it('is not what a change of the row layout takes', () => {
      const rig = new ExchangeRig({
        partitioning: { kind: 'global' },
        consumers: 1,
        segments: 2,
        partition: { maxOverdraftSegments: 0 },
      });
      rig.partition.emit(1, NO_TIMESTAMP);
      rig.settle();
      rig.partition.emit(2, NO_TIMESTAMP);
      rig.partition.emit('three', NO_TIMESTAMP);
      expect(rig.partition.blocked).to.equal(true);
      rig.settle();
      expect(rig.values(0)).to.deep.equal([1, 2, 'three']);
      expect(rig.partition.overdraftSegments).to.equal(0);
    });

    it('takes one large record whatever the limit, since it is in memory anyway', () => {
      const rig = new ExchangeRig({
        partitioning: { kind: 'forward' },
        consumers: 1,
        segmentBytes: 256,
        partition: { maxOverdraftSegments: 2 },
      });
      const large = 'x'.repeat(100_000);
      rig.partition.emit(large, NO_TIMESTAMP);
      expect(() => {
        rig.partition.emit(large, NO_TIMESTAMP);
      }).to.throw(OverdraftExceededError);
      rig.settle();
      rig.partition.emit('small', NO_TIMESTAMP);
      rig.settle();
      expect(rig.values(0)).to.deep.equal([large, 'small']);
    });

    it('flushes at the buffer timeout, counted from the first look', () => {
      const rig = new ExchangeRig({ partitioning: { kind: 'forward' }, consumers: 1, type: Types.int });
      rig.partition.flushDue(1000);
      expect(rig.partition.nextFlushAtMs).to.equal(Number.POSITIVE_INFINITY);
      rig.partition.emit(1, NO_TIMESTAMP);
      rig.partition.flushDue(1000);
      expect(rig.partition.nextFlushAtMs).to.equal(1100);
      rig.partition.flushDue(1099);
      expect(rig.gates[0]!.hasData).to.equal(false);
      rig.partition.flushDue(1100);
      expect(rig.gates[0]!.hasData).to.equal(true);
      expect(rig.partition.nextFlushAtMs).to.equal(Number.POSITIVE_INFINITY);
    });

    it('flushes each record with timeout 0, and only full segments with -1', () => {
      const each = new ExchangeRig({ partitioning: { kind: 'forward' }, consumers: 1, partition: { bufferTimeoutMs: 0 }, type: Types.int });
      each.partition.emit(1, NO_TIMESTAMP);
      expect(each.gates[0]!.hasData).to.equal(true);
      const never = new ExchangeRig({
        partitioning: { kind: 'forward' },
        consumers: 1,
        partition: { bufferTimeoutMs: -1 },
        type: Types.int,
      });
      never.partition.emit(1, NO_TIMESTAMP);
      never.partition.flushDue(1e12);
      expect(never.partition.nextFlushAtMs).to.equal(Number.POSITIVE_INFINITY);
      expect(never.gates[0]!.hasData).to.equal(false);
    });
  });

  describe('partitioning', () => {
    const records = Array.from({ length: 3000 }, (_, i) => ({ key: i % 2 === 0 ? i * 7919 : `k${i}`, n: i }));
    const emitAll = (partitioning: Partitioning, consumers: number, subtaskIndex = 0): ExchangeRig => {
      const rig = new ExchangeRig({ partitioning, consumers, partition: { subtaskIndex } });
      for (const record of records) rig.partition.emit(record, NO_TIMESTAMP);
      rig.settle();
      return rig;
    };

    it('hash: the subtask that owns the key group, by field or by selector', () => {
      for (const partitioning of [keyed('key'), keyed()]) {
        for (const consumers of [1, 2, 3, 7]) {
          const rig = emitAll(partitioning, consumers);
          rig.received.forEach((_, consumer) => {
            const own = records.filter(({ key }) => subtaskOfKeyGroup(keyGroupOf(key, 128), 128, consumers) === consumer);
            expect(rig.values(consumer)).to.deep.equal(own);
          });
        }
      }
    });

    it('hash and custom: a record without the field of the key is an error, one whose key is null is not', () => {
      const key: KeySpec = { field: 'user.name', select: fieldSelector('user.name') };
      const partitionings: Partitioning[] = [
        { kind: 'hash', key },
        { kind: 'custom', key, partitioner: () => 0 },
      ];
      for (const consumers of [1, 3]) {
        for (const partitioning of partitionings) {
          const rig = new ExchangeRig({ partitioning, consumers });
          rig.partition.emit({ user: { name: null } }, NO_TIMESTAMP);
          rig.partition.emit({ user: { name: undefined } }, NO_TIMESTAMP);
          const emit = (record: unknown) => () => {
            rig.partition.emit(record, NO_TIMESTAMP);
          };
          expect(emit({ user: {} })).to.throw(
            MissingFieldError,
            'a record has no field "user.name": it is an object with the fields (none)',
          );
          expect(emit({ name: 'ann' })).to.throw(MissingFieldError, 'it is an object with the fields "name"');
          expect(emit({ user: null })).to.throw(MissingFieldError, 'it is null');
          expect(emit('ann')).to.throw(MissingFieldError, 'it is a string');
          expect(emit(undefined)).to.throw(MissingFieldError, 'it is undefined');
          rig.settle();
          expect(rig.received.flat()).to.have.lengthOf(2);
        }
      }
    });

    it('rebalance and rescale: in turn, not all producers starting at the same', () => {
      const starts = new Set<unknown>();
      for (let subtask = 0; subtask < 20; subtask++) {
        const rig = emitAll({ kind: subtask % 2 === 0 ? 'rebalance' : 'rescale' }, 3, subtask);
        expect(rig.received.map((received) => received.length)).to.deep.equal([1000, 1000, 1000]);
        starts.add([0, 1, 2].find((consumer) => (rig.values(consumer)[0] as { readonly n: number }).n === 0));
      }
      expect(starts.size).to.equal(3);
    });

    it('shuffle: by chance, but evenly', () => {
      const counts = emitAll({ kind: 'shuffle' }, 3).received.map((received) => received.length);
      expect(counts.reduce((sum, count) => sum + count)).to.equal(records.length);
      for (const count of counts) expect(count).to.be.within(900, 1100);
    });

    it('global: all to the first', () => {
      expect(emitAll({ kind: 'global' }, 3).received.map((received) => received.length)).to.deep.equal([3000, 0, 0]);
    });

    it('custom: what the partitioner answers, as long as it exists', () => {
      const custom = (partitioner: (key: unknown, subtasks: number) => number): Partitioning => ({
        kind: 'custom',
        key: { select: (value) => (value as { readonly n: number }).n },
        partitioner,
      });
      const rig = emitAll(
        custom((key, subtasks) => (key as number) % subtasks),
        4,
      );
      expect(rig.values(3)).to.deep.equal(records.filter(({ n }) => n % 4 === 3));
      for (const wrong of [-1, 4, 0.5, Number.NaN]) {
        expect(() =>
          emitAll(
            custom(() => wrong),
            4,
          ),
        ).to.throw(PartitionOutOfRangeError, `"Map" chose subtask ${wrong} of 4`);
      }
    });
  });
});
