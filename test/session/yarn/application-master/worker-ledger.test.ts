import { expect } from 'chai';
import fc from 'fast-check';
import { WorkerLedger } from '../../../../session/yarn/application-master/worker-ledger.js';
import type { Container } from '../../../../session/yarn/rpc/yarn-nouns.js';
import { container, containers, demand, RESOURCE, status } from './samples.js';

function ledger(fixedWorkers?: number): WorkerLedger {
  return new WorkerLedger({ resource: RESOURCE, priority: 1, nodeLabel: undefined, slotsPerWorker: 2, fixedWorkers });
}

/** One heartbeat: what was asked for and released, and which containers are started of those that were given. */
function beat(of: WorkerLedger, given: readonly Container[] = []): { asked: number | undefined; released: bigint[]; started: bigint[] } {
  const { asks, releases } = of.heartbeat();
  const started = of.allocated(given, 0);
  return { asked: asks[0]?.count, released: releases.map(({ id }) => id), started: started.map(({ id }) => id.id) };
}

describe('WorkerLedger', () => {
  it('asks once for a fixed number, and for no more while they come', () => {
    const fixed = ledger(3);
    expect(beat(fixed)).to.deep.equal({ asked: 3, released: [], started: [] });
    expect(beat(fixed, containers(1, 2))).to.deep.equal({ asked: undefined, released: [], started: [1n, 2n] });
    expect(beat(fixed, containers(3))).to.deep.equal({ asked: undefined, released: [], started: [3n] });
    expect(beat(fixed).asked).to.equal(undefined);
  });

  it('gives back what is too much', () => {
    const fixed = ledger(1);
    beat(fixed);
    expect(beat(fixed, containers(1, 2)).started).to.deep.equal([1n]);
    expect(beat(fixed).released).to.deep.equal([2n]);
    expect(beat(fixed).released).to.deep.equal([]);
    expect(fixed.completed(status(2, -100))).to.include({ expected: true, failed: false });
  });

  it('corrects the number when containers come along with the answer to an ask', () => {
    const fixed = ledger(2);
    expect(beat(fixed, containers(1)).asked).to.equal(2);
    expect(beat(fixed).asked).to.equal(1);
  });

  it('replaces a container that failed, and counts it', () => {
    const fixed = ledger(1);
    beat(fixed);
    beat(fixed, containers(1));
    fixed.demand(demand(0, { 1: 2 }));
    expect(fixed.completed(status(1, 137))).to.include({ expected: false, failed: true });
    expect(fixed.failures).to.equal(1);
    expect(beat(fixed).asked).to.equal(1);
  });

  it('replaces a preempted one, and one of a lost node, without counting them', () => {
    for (const exitStatus of [-100, -102]) {
      const fixed = ledger(1);
      beat(fixed);
      beat(fixed, containers(1));
      expect(fixed.completed(status(1, exitStatus))).to.include({ failed: false });
      expect(fixed.failures).to.equal(0);
      expect(beat(fixed).asked).to.equal(1);
    }
  });

  it('releases the container of a TaskManager that was there and is gone', () => {
    const fixed = ledger(1);
    beat(fixed);
    beat(fixed, containers(1));
    expect(fixed.demand(demand(0))).to.deep.equal([]);
    fixed.demand(demand(0, { 1: 2 }));
    expect(fixed.demand(demand(0)).map(({ id }) => id.id)).to.deep.equal([1n]);
    expect(beat(fixed)).to.deep.equal({ asked: 1, released: [1n], started: [] });
  });

  it('asks on demand for as many as the missing slots need, and takes an ask back', () => {
    const elastic = ledger();
    expect(beat(elastic).asked).to.equal(undefined);
    elastic.demand(demand(5));
    expect(beat(elastic).asked).to.equal(3);
    elastic.demand(demand(3));
    expect(beat(elastic).asked).to.equal(2);
    expect(beat(elastic, containers(1)).started).to.deep.equal([1n]);
    elastic.demand(demand(0));
    expect(beat(elastic).asked).to.equal(0);
  });

  it('tells all again to a ResourceManager that has forgotten it', () => {
    const fixed = ledger(2);
    beat(fixed);
    beat(fixed, containers(1));
    fixed.release(container(1).name);
    expect(beat(fixed)).to.deep.include({ asked: 2, released: [1n] });
    fixed.resync();
    expect(beat(fixed)).to.deep.include({ asked: 2, released: [1n] });
  });

  it('counts containers of an earlier attempt', () => {
    const fixed = ledger(2);
    fixed.recover(containers(7), 0);
    expect(beat(fixed).asked).to.equal(1);
  });

  it('knows nothing of containers that were never its own', () => {
    expect(ledger(1).completed(status(9, 1))).to.equal(undefined);
  });

  /** A ResourceManager that gives what is owed in any order, and counts as the real one does. */
  it('ends up with the number that is wanted, whenever containers come or fail', () => {
    const step = fc.oneof(
      fc.record({ give: fc.nat({ max: 3 }), late: fc.boolean() }),
      fc.record({ fail: fc.nat() }),
      fc.record({ restart: fc.constant(true) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 30 }), (wanted, steps) => {
        const fixed = ledger(wanted);
        let owed = 0;
        let made = 0;
        const exchange = (give: number, late: boolean): void => {
          const { asks } = fixed.heartbeat();
          // What was allocated before the ask arrived does not count against it.
          const early = late ? Math.min(give, owed) : 0;
          if (asks[0]) owed = asks[0].count;
          const now = late ? 0 : Math.min(give, asks[0] ? 0 : owed);
          if (!asks[0]) owed -= early + now;
          fixed.allocated(
            Array.from({ length: early + now }, () => container(++made)),
            0,
          );
        };
        for (const action of steps) {
          if ('give' in action) exchange(action.give, action.late);
          else if ('restart' in action) {
            fixed.resync();
            owed = 0;
          } else {
            const victim = fixed.containers[action.fail % Math.max(1, fixed.containers.length)];
            if (victim) fixed.completed({ ...status(1, 1), id: victim.id, name: victim.name });
          }
          expect(fixed.containers.length).to.be.at.most(wanted);
        }
        for (let round = 0; round < 2 * wanted + 4; round++) exchange(3, false);
        expect(fixed.containers.length).to.equal(wanted);
        expect(owed).to.equal(0);
      }),
    );
  });
});
