import { expect } from 'chai';
import { IdleWorkers } from '../../../../session/yarn/application-master/idle-workers.js';
import { container, demand } from './samples.js';

describe('IdleWorkers', () => {
  it('counts from when the last slot became free, and anew after work', () => {
    const idle = new IdleWorkers();
    idle.update(demand(0, { 1: 2, 2: 1 }), 1000);
    idle.update(demand(0, { 1: 2, 2: 2 }), 1500);
    expect(idle.for(500, 1500)).to.deep.equal([container(1).name]);
    expect(idle.for(500, 2000)).to.deep.equal([container(1).name, container(2).name]);
    idle.update(demand(0, { 1: 1, 2: 2 }), 2000);
    idle.update(demand(0, { 1: 2, 2: 2 }), 2100);
    expect(idle.for(500, 2200)).to.deep.equal([container(2).name]);
  });

  it('calls nobody idle while slots are missing', () => {
    const idle = new IdleWorkers();
    idle.update(demand(3, { 1: 2 }), 0);
    expect(idle.for(0, 100)).to.deep.equal([]);
  });
});
