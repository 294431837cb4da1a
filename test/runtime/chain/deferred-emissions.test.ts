import { expect } from 'chai';
import { DeferredEmissions } from '../../../runtime/chain/chain-plan.js';

describe('DeferredEmissions', () => {
  it('resumes in the order of deferring', () => {
    const deferred = new DeferredEmissions();
    const resumed: string[] = [];
    for (const name of ['inner', 'outer']) {
      deferred.defer(() => {
        resumed.push(name);
      });
    }
    expect(deferred.empty).to.equal(false);
    deferred.resume({ blocked: false });
    expect(resumed).to.deep.equal(['inner', 'outer']);
    expect(deferred.empty).to.equal(true);
  });

  it('puts what is deferred while resuming before the rest', () => {
    const deferred = new DeferredEmissions();
    const gate = { blocked: false };
    const resumed: string[] = [];
    deferred.defer(() => {
      resumed.push('a1');
      gate.blocked = true;
      deferred.defer(() => {
        resumed.push('a2');
      });
      deferred.defer(() => {
        resumed.push('a3');
      });
    });
    deferred.defer(() => {
      resumed.push('b');
    });
    deferred.resume(gate);
    expect(resumed).to.deep.equal(['a1']);
    gate.blocked = false;
    deferred.resume(gate);
    expect(resumed).to.deep.equal(['a1', 'a2', 'a3', 'b']);
  });

  it('resumes nothing while the gate is blocked', () => {
    const deferred = new DeferredEmissions();
    deferred.defer(() => {
      expect.fail('it was resumed');
    });
    deferred.resume({ blocked: true });
    expect(deferred.empty).to.equal(false);
  });

  it('takes as many steps as it has entries, however often it is stopped', () => {
    const deferred = new DeferredEmissions();
    const gate = { blocked: false };
    let resumed = 0;
    const entries = 200_000;
    for (let entry = 0; entry < entries; entry++) {
      deferred.defer(() => {
        resumed++;
        gate.blocked = true;
      });
    }
    const startMs = performance.now();
    while (!deferred.empty) {
      gate.blocked = false;
      deferred.resume(gate);
    }
    expect(resumed).to.equal(entries);
    expect(performance.now() - startMs).to.be.below(5000);
  });
});
