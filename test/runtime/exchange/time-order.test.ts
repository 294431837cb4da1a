import { expect } from 'chai';
import { NO_TIMESTAMP } from '#core';
import { type GateOrder, type OrderedChannel, TimeOrder } from '../../../runtime/exchange/time-order.js';
import { ManualClock } from '../../support/manual-clock.js';

/** A channel with segments of one record each. */
class Channel implements OrderedChannel {
  reached = NO_TIMESTAMP;
  ended = false;
  readonly ready: number[] = [];

  constructor(readonly name: string) {}

  get headTimestamp(): number | undefined {
    return this.ready[0];
  }

  get awaited(): number {
    return this.ended ? Infinity : this.reached;
  }
}

describe('time order', () => {
  let clock: ManualClock;
  let order: TimeOrder;
  beforeEach(() => {
    clock = new ManualClock();
    order = new TimeOrder(clock);
  });

  /** Takes one segment; answers the channel's name and the time, or '-' when nothing is given out. */
  function take(gate: GateOrder<Channel>): string {
    const channel = gate.next();
    if (channel === undefined) return '-';
    const time = channel.ready.shift()!;
    if (time !== NO_TIMESTAMP) channel.reached = time;
    gate.taken();
    return `${channel.name}${time}`;
  }

  /** Lets both be read in step for a while, at `pace` ms of event time each ms. */
  function readHistory(gates: readonly GateOrder<Channel>[], channels: readonly Channel[], pace: number): number {
    let time = 0;
    for (let step = 0; step < 20; step++) {
      clock.advance(10);
      time += 10 * pace;
      for (const channel of channels) channel.ready.push(time);
      for (const gate of gates) while (take(gate) !== '-');
    }
    return time;
  }

  function gateOf(...names: string[]): [GateOrder<Channel>, ...Channel[]] {
    const channels = names.map((name) => new Channel(name));
    return [order.gate(channels), ...channels];
  }

  it('reads the earliest of the channels that have something', () => {
    const [gate, a, b] = gateOf('a', 'b');
    a!.ready.push(1, 5, 6);
    b!.ready.push(2, 3, 9);
    expect([1, 2, 3, 4, 5, 6].map(() => take(gate))).to.deep.equal(['a1', 'b2', 'b3', 'a5', 'a6', 'b9']);
    expect(take(gate)).to.equal('-');
  });

  it('reads channels without time in turn', () => {
    const [gate, ...channels] = gateOf('a', 'b', 'c');
    for (const channel of channels) channel.ready.push(NO_TIMESTAMP, NO_TIMESTAMP);
    const names = Array.from({ length: 6 }, () => take(gate)[0]);
    expect(names.join('')).to.equal('abcabc');
  });

  it('gives a channel its turn now and then though another is always earlier', () => {
    const [gate, a, b] = gateOf('a', 'b');
    for (let i = 0; i < 100; i++) {
      a!.ready.push(i);
      b!.ready.push(1000 + i);
    }
    const names = Array.from({ length: 64 }, () => take(gate)[0]);
    expect(names.filter((name) => name === 'b').length).to.be.within(3, 8);
  });

  it('holds what is ahead while history is read, until the other has caught up', () => {
    const [gate, a, b] = gateOf('a', 'b');
    const now = readHistory([gate], [a!, b!], 10);
    a!.ready.push(now + 200);
    expect(take(gate)).to.equal('-');
    expect(order.heldUntilMs).to.equal(clock.monotonicMs() + 50);
    clock.advance(5);
    b!.ready.push(now + 150);
    expect(take(gate)).to.equal(`b${now + 150}`);
    expect(take(gate)).to.equal(`a${now + 200}`);
    expect(order.heldUntilMs).to.equal(Infinity);
  });

  it('holds nothing in a live stream, however far apart its channels are', () => {
    const [gate, a, b] = gateOf('a', 'b');
    const now = readHistory([gate], [a!, b!], 1);
    a!.ready.push(now + 5000);
    expect(take(gate)).to.equal(`a${now + 5000}`);
  });

  it('waits no longer than 50 ms, and for a channel that had nothing meanwhile not again for a second', () => {
    const [gate, a, b] = gateOf('a', 'b');
    const now = readHistory([gate], [a!, b!], 10);
    a!.ready.push(now + 200, now + 300, now + 400);
    expect(take(gate)).to.equal('-');
    clock.advance(50);
    expect(take(gate)).to.equal(`a${now + 200}`);
    clock.advance(900);
    expect(take(gate)).to.equal(`a${now + 300}`);
    clock.advance(200);
    expect(take(gate)).to.equal('-');
  });

  it('waits for no channel that has ended', () => {
    const [gate, a, b] = gateOf('a', 'b');
    const now = readHistory([gate], [a!, b!], 10);
    b!.ended = true;
    a!.ready.push(now + 200);
    expect(take(gate)).to.equal(`a${now + 200}`);
  });

  it('keeps the gates of a subtask together, too', () => {
    const [left, a] = gateOf('a');
    const [right, b] = gateOf('b');
    const now = readHistory([left, right], [a!, b!], 10);
    expect(take(right)).to.equal('-');
    a!.ready.push(now + 200);
    expect(take(left)).to.equal('-');
    b!.ready.push(now + 150);
    expect(take(right)).to.equal(`b${now + 150}`);
    expect(take(left)).to.equal(`a${now + 200}`);
  });
});
