import { expect } from 'chai';
import { type Barrier, BarrierAlignment } from '../../../runtime/task/barrier-alignment.js';

function barrier(checkpointId: number, mode: 'EXACTLY_ONCE' | 'AT_LEAST_ONCE' = 'EXACTLY_ONCE'): Barrier {
  return { checkpointId, timestamp: 100, options: { mode } };
}

/** An alignment of so many channels, and what it did. */
function alignment(channels: number): { readonly alignment: BarrierAlignment; readonly did: string[]; time: { ms: number } } {
  const did: string[] = [];
  const time = { ms: 100 };
  const host = {
    block: (channel: number) => did.push(`block ${channel}`),
    unblock: (channel: number) => did.push(`unblock ${channel}`),
    onAligned: ({ checkpointId, alignmentMs, startDelayMs }: { checkpointId: number; alignmentMs: number; startDelayMs: number }) =>
      did.push(`aligned ${checkpointId} in ${alignmentMs} after ${startDelayMs}`),
    onSubsumed: (checkpointId: number) => did.push(`subsumed ${checkpointId}`),
    now: () => time.ms,
  };
  return { alignment: new BarrierAlignment(channels, host), did, time };
}

describe('the alignment of barriers', () => {
  it('blocks channels until all barriers are there', () => {
    const { alignment: barriers, did, time } = alignment(2);
    time.ms = 110;
    barriers.barrier(0, barrier(1));
    expect(did.splice(0)).to.deep.equal(['block 0']);
    time.ms = 125;
    barriers.barrier(1, barrier(1));
    expect(did).to.deep.equal(['block 1', 'aligned 1 in 15 after 10', 'unblock 0', 'unblock 1']);
  });

  it('only counts for at-least-once, also several checkpoints at a time', () => {
    const { alignment: barriers, did } = alignment(2);
    barriers.barrier(0, barrier(1, 'AT_LEAST_ONCE'));
    barriers.barrier(0, barrier(2, 'AT_LEAST_ONCE'));
    barriers.barrier(1, barrier(1, 'AT_LEAST_ONCE'));
    barriers.barrier(1, barrier(2, 'AT_LEAST_ONCE'));
    expect(did.filter((what) => what.startsWith('aligned'))).to.have.length(2);
    expect(did.some((what) => what.startsWith('block'))).to.equal(false);
  });

  it('does not wait for channels that have ended', () => {
    const { alignment: barriers, did } = alignment(2);
    barriers.barrier(0, barrier(1));
    barriers.endOfInput(1);
    expect(did).to.include('aligned 1 in 0 after 0');
    barriers.barrier(0, barrier(2));
    expect(did).to.include('aligned 2 in 0 after 0');
  });

  it('gives a checkpoint up when the barrier of a later one comes', () => {
    const { alignment: barriers, did } = alignment(2);
    barriers.barrier(0, barrier(1));
    barriers.barrier(1, barrier(2));
    expect(did).to.deep.equal(['block 0', 'unblock 0', 'subsumed 1', 'block 1']);
    barriers.barrier(1, barrier(1));
    barriers.barrier(0, barrier(2));
    expect(did.filter((what) => what.startsWith('aligned'))).to.deep.equal(['aligned 2 in 0 after 0']);
  });

  it('lets the channels of an aborted checkpoint go on, and passes over its other barriers', () => {
    const { alignment: barriers, did } = alignment(2);
    barriers.barrier(0, barrier(1));
    barriers.abort(1);
    barriers.barrier(1, barrier(1));
    expect(did).to.deep.equal(['block 0', 'unblock 0']);
    barriers.abort(2);
    barriers.barrier(0, barrier(2));
    expect(did).to.have.length(2);
  });
});
