import { expect } from 'chai';
import { NO_TIMESTAMP, type StreamEvent, Types } from '#core';
import { Doorbell } from '../../../runtime/exchange/doorbell.js';
import { InputGate } from '../../../runtime/exchange/input-gate.js';
import { ResultPartition } from '../../../runtime/exchange/result-partition.js';
import { createRing } from '../../../runtime/exchange/ring.js';

/** A gate with several producers, all in this thread. */
function gateOf(producers: number, segments = 8, bufferTimeoutMs = 0) {
  const bell = Doorbell.create();
  const ends = Array.from({ length: producers }, () => ({ ring: createRing(segments, 256), peerBell: bell.memory }));
  const events: [number, StreamEvent][] = [];
  const gate = new InputGate({ channels: ends, type: Types.string, onEvent: (channel, event) => events.push([channel, event]) });
  const partitions = ends.map(
    (end, subtaskIndex) =>
      new ResultPartition({
        operatorName: 'Map',
        subtaskIndex,
        partitioning: { kind: 'forward' },
        channels: [end],
        type: Types.string,
        maxParallelism: 128,
        bufferTimeoutMs,
      }),
  );
  const taken: unknown[] = [];
  const poll = (maxSegments: number, stopAt?: unknown): boolean => {
    const readGate = { blocked: false };
    const consume = (value: unknown): void => {
      taken.push(value);
      readGate.blocked = value === stopAt;
    };
    return gate.poll(consume, readGate, maxSegments);
  };
  return { gate, partitions, events, taken, poll };
}

describe('input gate', () => {
  it('takes one segment of each channel in turn', () => {
    const { partitions, taken, poll } = gateOf(3);
    for (const round of ['1', '2']) for (const [i, partition] of partitions.entries()) partition.emit(`${'abc'[i]}${round}`, NO_TIMESTAMP);
    expect(poll(4)).to.equal(true);
    expect(taken).to.deep.equal(['a1', 'b1', 'c1', 'a2']);
    expect(poll(100)).to.equal(true);
    expect(taken.slice(4)).to.deep.equal(['b2', 'c2']);
    expect(poll(100)).to.equal(false);
  });

  it('goes on in the middle of the segment in which it was stopped, before any other channel', () => {
    const { gate, partitions, taken, poll } = gateOf(2, 8, -1);
    for (const value of ['a1', 'a2', 'a3']) partitions[0]!.emit(value, NO_TIMESTAMP);
    partitions[1]!.emit('b1', NO_TIMESTAMP);
    for (const partition of partitions) partition.flush();
    expect(poll(8, 'a1')).to.equal(true);
    expect([gate.recordsIn, gate.bytesIn]).to.deep.equal([1, 0]);
    expect(poll(8, 'a2')).to.equal(true);
    expect(taken).to.deep.equal(['a1', 'a2']);
    expect(poll(8)).to.equal(true);
    expect(taken).to.deep.equal(['a1', 'a2', 'a3', 'b1']);
    expect(gate.recordsIn).to.equal(4);
    expect(gate.bytesIn).to.equal(partitions[0]!.bytesOut + partitions[1]!.bytesOut);
  });

  it('leaves a blocked channel alone, and lets its producer run full', () => {
    const { gate, partitions, taken, poll } = gateOf(2, 4);
    gate.blockChannel(0);
    for (let i = 0; !partitions[0]!.blocked; i++) partitions[0]!.emit(`a${i}`, NO_TIMESTAMP);
    expect(gate.hasData).to.equal(false);
    partitions[1]!.emit('b0', NO_TIMESTAMP);
    expect(gate.hasData).to.equal(true);
    while (poll(8));
    expect(taken).to.deep.equal(['b0']);
    expect(partitions[0]!.drain()).to.equal(false);
    gate.unblockChannel(0);
    expect(gate.hasData).to.equal(true);
    while (poll(8));
    expect(taken[1]).to.equal('a0');
    expect(partitions[0]!.drain()).to.equal(true);
  });

  it('tells which channel an event came on, and counts channels that have ended', () => {
    const { gate, partitions, events, poll } = gateOf(2);
    partitions[1]!.broadcastEvent({ kind: 'watermark', timestamp: 5 });
    partitions[1]!.broadcastEvent({ kind: 'endOfInput' });
    while (poll(8));
    expect(events).to.deep.equal([
      [1, { kind: 'watermark', timestamp: 5 }],
      [1, { kind: 'endOfInput' }],
    ]);
    expect([gate.channelCount, gate.finishedChannels, gate.finished]).to.deep.equal([2, 1, false]);
    partitions[0]!.broadcastEvent({ kind: 'endOfInput' });
    while (poll(8));
    expect([gate.finishedChannels, gate.finished]).to.deep.equal([2, true]);
  });
});
