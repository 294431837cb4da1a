import { expect } from 'chai';
import type { StreamEvent } from '#core';
import { Doorbell } from '../../../runtime/exchange/doorbell.js';
import { InputGate } from '../../../runtime/exchange/input-gate.js';
import { createRing } from '../../../runtime/exchange/ring.js';
import { GateEvents } from '../../../runtime/task/gate-events.js';
import { overtakeWhenLate } from '../../../runtime/task/late-overtaking.js';
import { ManualClock } from '../../support/manual-clock.js';

type Barrier = Extract<StreamEvent, { kind: 'barrier' }>;

function barrier(checkpointId: number, timestamp: number, alignedTimeoutMs: number): Barrier {
  return { kind: 'barrier', checkpointId, timestamp, options: { mode: 'EXACTLY_ONCE', unaligned: true, alignedTimeoutMs } };
}

/** A subtask of two channels, and what its events led to. */
function subtask(): { readonly events: GateEvents; readonly clock: ManualClock; readonly did: string[] } {
  const clock = new ManualClock();
  const did: string[] = [];
  const names = [0, 1].map((producer) => ({ from: 'a', to: 'b', input: 0, producer, consumer: 0 }));
  const events = new GateEvents([names], {
    onWatermark: () => undefined,
    onIdle: () => undefined,
    onAligned: ({ checkpointId, alignmentMs }) => did.push(`aligned ${checkpointId} in ${alignmentMs}`),
    onOvertaken: ({ checkpointId, alignmentMs }) => did.push(`overtaken ${checkpointId} after ${alignmentMs}`),
    onSubsumed: (checkpointId) => did.push(`subsumed ${checkpointId}`),
    clock,
    wake: () => did.push('woken'),
  });
  const channels = names.map(() => ({ ring: createRing(2, 1024), peerBell: Doorbell.create().memory }));
  events.attach([new InputGate({ channels, type: undefined, onEvent: () => undefined, overtaking: true })]);
  return { events, clock, did };
}

describe('barriers that may be aligned for some time', () => {
  it('are aligned when all come in time', () => {
    const { events, clock, did } = subtask();
    events.onEvent(0, 0, barrier(1, 0, 100));
    clock.advance(50);
    events.onEvent(0, 1, barrier(1, 0, 100));
    expect(did).to.deep.equal(['aligned 1 in 50']);
    clock.advance(100);
    events.look();
    expect(did).to.deep.equal(['aligned 1 in 50', 'woken']);
  });

  it('overtake at the end of the time, counted from the trigger', () => {
    const { events, clock, did } = subtask();
    clock.advance(30);
    events.onEvent(0, 0, barrier(1, 0, 100));
    clock.advance(69);
    events.look();
    expect(did).to.deep.equal([]);
    clock.advance(1);
    events.look();
    expect(did).to.deep.equal(['woken', 'overtaken 1 after 70']);
    events.onEvent(0, 1, barrier(1, 0, 100));
    expect(did).to.have.length(2);
  });

  it('overtake at once when the time is over as they come', () => {
    const { events, clock, did } = subtask();
    clock.advance(100);
    events.onEvent(0, 0, barrier(1, 0, 100));
    expect(did).to.deep.equal(['overtaken 1 after 0']);
  });
});

describe('a barrier that waits behind records at a sender', () => {
  it('has come through when consumers have taken it, and overtakes at its deadline', async () => {
    for (const takenAtMs of [0, 40, 1000]) {
      const clock = new ManualClock();
      let overtaken = 0;
      const sent = {
        get taken(): boolean {
          return clock.now() >= takenAtMs;
        },
        overtake(): void {
          overtaken++;
        },
      };
      const done = overtakeWhenLate(sent, 100, clock, new AbortController().signal);
      clock.advance(200);
      await done;
      expect(overtaken).to.equal(takenAtMs > 100 ? 1 : 0);
      expect(clock.pendingTimers).to.equal(0);
    }
  });

  it('is forgotten with its checkpoint', async () => {
    const clock = new ManualClock();
    const givenUp = new AbortController();
    const fail = (): void => {
      throw new Error('nothing overtakes');
    };
    const done = overtakeWhenLate({ taken: false, overtake: fail }, 100, clock, givenUp.signal);
    givenUp.abort();
    clock.advance(20);
    await done;
    expect(clock.pendingTimers).to.equal(0);
  });
});
