import { expect } from 'chai';
import { queuesOf } from '../../../../../session/yarn/client/resource-manager/queues.js';

describe('session/yarn/client/resource-manager/queues', () => {
  it('lists the queues of a CapacityScheduler, parents first', () => {
    const leaf = (queueName: string, queuePath: string) => ({
      queueName,
      queuePath,
      usedCapacity: 25,
      maxCapacity: 100,
      numApplications: 2,
    });
    const parent = { queueName: 'a', queuePath: 'root.a', usedCapacity: 0, maxCapacity: 50, queues: { queue: [leaf('a1', 'root.a.a1')] } };
    const schedulerInfo = { queueName: 'root', queuePath: 'root', queues: { queue: [leaf('default', 'root.default'), parent] } };
    expect(queuesOf({ scheduler: { schedulerInfo } })).to.deep.equal([
      { name: 'default', path: 'root.default', currentCapacity: 0.25, maximumCapacity: 1, applications: 2 },
      { name: 'a', path: 'root.a', currentCapacity: 0, maximumCapacity: 0.5, applications: 0 },
      { name: 'a1', path: 'root.a.a1', currentCapacity: 0.25, maximumCapacity: 1, applications: 2 },
    ]);
  });

  it('lists the queues of a FairScheduler', () => {
    const rootQueue = { queueName: 'root', childQueues: { queue: [{ queueName: 'root.default' }, { queueName: 'root.etl' }] } };
    const found = queuesOf({ scheduler: { schedulerInfo: { rootQueue } } });
    expect(found.map(({ name, path }) => [name, path])).to.deep.equal([
      ['default', 'root.default'],
      ['etl', 'root.etl'],
    ]);
  });

  it('finds none where there are none', () => {
    expect(queuesOf({ scheduler: { schedulerInfo: {} } })).to.deep.equal([]);
    expect(queuesOf({})).to.deep.equal([]);
  });
});
