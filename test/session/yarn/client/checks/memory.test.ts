import { expect } from 'chai';
import { ClusterRequestError } from '../../../../../session/yarn/client/checks/errors.js';
import { freeMemoryWarnings } from '../../../../../session/yarn/client/checks/free-memory.js';
import { checkMemory } from '../../../../../session/yarn/client/checks/memory.js';

const ASKED = { jobManagerMemoryMb: 1024, taskManagerMemoryMb: 2048, taskManagerCount: 2, slotsPerTaskManager: 1 };

describe('session/yarn/client/checks/memory', () => {
  it('leaves alone what fits', () => {
    expect(checkMemory(ASKED, { leastMb: 512, mostMb: 4096 })).to.deep.equal({ specification: ASKED, warnings: [] });
  });

  it('raises what is below the minimum of a process, with a warning for each', () => {
    const { specification, warnings } = checkMemory(
      { ...ASKED, jobManagerMemoryMb: 300, taskManagerMemoryMb: 767 },
      { leastMb: 64, mostMb: 4096 },
    );
    expect(specification).to.include({ jobManagerMemoryMb: 768, taskManagerMemoryMb: 768 });
    expect(warnings).to.have.length(2);
    expect(warnings[0]).to.include('The JobManager memory (300 MB) is below the minimum required memory amount of 768 MB');
  });

  it("raises to YARN's smallest container, with Flink's warning", () => {
    const { specification, warnings } = checkMemory({ ...ASKED, jobManagerMemoryMb: 1000 }, { leastMb: 1536, mostMb: 4096 });
    expect(specification).to.include({ jobManagerMemoryMb: 1536, taskManagerMemoryMb: 2048 });
    expect(warnings.join()).to.include("The value of 'yarn.scheduler.minimum-allocation-mb' is '1536'. Please increase the memory size.");
  });

  it("refuses more than YARN's largest container, with both numbers", () => {
    expect(() => checkMemory({ ...ASKED, jobManagerMemoryMb: 5000 }, { leastMb: 64, mostMb: 4096 })).to.throw(
      ClusterRequestError,
      /^The cluster does not have the requested resources for the JobManager available!\nMaximum Memory: 4096MB Requested: 5000MB\. Please check the 'yarn\.scheduler\.maximum-allocation-mb'/,
    );
    expect(() => checkMemory({ ...ASKED, taskManagerMemoryMb: 9000 }, { leastMb: 64, mostMb: 4096 })).to.throw(
      'for the TaskManagers available!',
    );
  });
});

describe('session/yarn/client/checks/free-memory', () => {
  it('says nothing where there is room', () => {
    expect(freeMemoryWarnings(ASKED, [4096, 2048])).to.deep.equal([]);
  });

  it('warns when the whole is more than is free', () => {
    expect(freeMemoryWarnings(ASKED, [4096])[0]).to.match(
      /^This YARN session requires 5120MB of memory in the cluster\. There are currently only 4096MB available\./,
    );
  });

  it('warns when a container is larger than any that is free', () => {
    expect(freeMemoryWarnings(ASKED, [1500, 1500, 1500, 1500])[0]).to.include(
      'The requested amount of memory for the TaskManagers (2048MB) is more than the largest possible YARN container: 1500',
    );
  });

  it('warns when the containers do not fit where there is room', () => {
    const [placed = ''] = freeMemoryWarnings({ ...ASKED, taskManagerCount: 3 }, [2048, 2048, 3072]);
    expect(placed).to.include(
      'After allocating the JobManager (1024MB) and (2/3) TaskManagers, the following NodeManagers are available: [1024, 0, 1024]',
    );
  });
});
