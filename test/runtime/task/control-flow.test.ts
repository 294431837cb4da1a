import { expect } from 'chai';
import { ControlFlow, type ControlWork } from '../../../runtime/task/control-flow.js';

/** A control flow over a gate whose output is full after `room` emissions, until `free` is called. */
function flow(room = Infinity): {
  readonly control: ControlFlow;
  readonly gate: { blocked: boolean };
  readonly did: string[];
  run(): boolean;
  free(room: number): void;
  emit(what: string): void;
  woken: number;
  settled: boolean;
} {
  const gate = { blocked: false };
  const rig = {
    gate,
    did: [] as string[],
    woken: 0,
    control: new ControlFlow(gate, () => {
      rig.woken++;
    }),
    free: (more: number) => {
      room = more;
    },
    emit: (what: string) => {
      rig.did.push(what);
      if (--room <= 0) gate.blocked = true;
    },
    run: () =>
      rig.control.run(
        () => {
          if (room > 0) gate.blocked = false;
          return !gate.blocked;
        },
        () => rig.settled,
      ),
    settled: true,
  };
  return rig;
}

describe('work between records', () => {
  it('stops who feeds the chain, and is done in order', () => {
    const { control, gate, did, run } = flow();
    control.request(once(() => did.push('first')));
    control.request(once(() => did.push('second')));
    expect(gate.blocked).to.equal(true);
    expect(run()).to.equal(true);
    expect(did).to.deep.equal(['first', 'second']);
    expect(control.pending).to.equal(false);
  });

  it('goes on where it stood when an output is full', () => {
    const rig = flow(2);
    rig.control.request(function* () {
      for (const item of ['a', 'b', 'c']) {
        rig.emit(item);
        if (rig.gate.blocked) yield undefined;
      }
    });
    rig.run();
    expect(rig.did).to.deep.equal(['a', 'b']);
    expect(rig.run()).to.equal(false);
    rig.free(9);
    rig.run();
    expect(rig.did).to.deep.equal(['a', 'b', 'c']);
  });

  it('does first what a record asked for that the work itself emitted', () => {
    const rig = flow();
    rig.control.request(function* () {
      rig.did.push('record 1');
      rig.control.request(once(() => rig.did.push('behind record 1')));
      yield undefined;
      rig.did.push('record 2');
    });
    rig.run();
    expect(rig.did).to.deep.equal(['record 1', 'behind record 1', 'record 2']);
  });

  it('waits for promises, and hands on what they reject with', async () => {
    const rig = flow();
    const { promise, reject } = withResolvers();
    rig.control.request(function* () {
      try {
        yield promise;
      } catch (error) {
        rig.did.push((error as Error).message);
      }
    });
    rig.run();
    expect(rig.run()).to.equal(false);
    reject(new Error('no'));
    await promise.catch(() => undefined);
    await Promise.resolve();
    await Promise.resolve();
    expect(rig.woken).to.equal(1);
    rig.run();
    expect(rig.did).to.deep.equal(['no']);
    expect(rig.control.pending).to.equal(false);
  });

  it('lets what overtakes go on while outputs are blocked, once the record at hand is through', () => {
    const rig = flow(1);
    const { control, gate, did, run } = rig;
    rig.emit('record');
    rig.settled = false;
    const noting = (what: string): (() => ControlWork) =>
      function* (): ControlWork {
        yield undefined;
        did.push(what);
      };
    control.enqueue(noting('queued'));
    control.overtake(noting('overtaking'));
    expect(run()).to.equal(false);
    expect(did).to.deep.equal(['record']);
    rig.settled = true;
    expect(run()).to.equal(true);
    expect(did).to.deep.equal(['record', 'overtaking']);
    rig.free(1);
    run();
    expect(did).to.deep.equal(['record', 'overtaking', 'queued']);
    expect(gate.blocked).to.equal(false);
  });

  it('waits for outputs again after something has overtaken', () => {
    const { control, did, emit, run, free } = flow(0);
    control.overtake(function* (): ControlWork {
      emit('overtaking');
      yield* [];
    });
    expect(run()).to.equal(true);
    control.request(function* (): ControlWork {
      emit('requested');
      yield* [];
    });
    expect(run()).to.equal(false);
    free(9);
    expect(run()).to.equal(true);
    expect(did).to.deep.equal(['overtaking', 'requested']);
  });
});

/** Work that is done at once. */
function once(act: () => unknown): () => ControlWork {
  return function* () {
    yield undefined;
    act();
  };
}

function withResolvers(): { promise: Promise<void>; reject: (error: Error) => void } {
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((_resolve, no) => {
    reject = no;
  });
  return { promise, reject };
}
