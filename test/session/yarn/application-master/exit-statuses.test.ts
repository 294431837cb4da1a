import { expect } from 'chai';
import { countsAsFailure, describeEnd } from '../../../../session/yarn/application-master/exit-statuses.js';
import { status } from './samples.js';

/** As NodeManagers of Hadoop 3.4 write it. */
const PMEM =
  'Container [pid=4711,containerID=container_1_0001_01_000002] is running 33554432B beyond the ' +
  "'PHYSICAL' memory limit. Current usage: 288.1 MB of 256 MB physical memory used; 1.1 GB of 512 MB virtual memory used. " +
  'Killing container.';

describe('describeEnd', () => {
  it("tells container and exit status in Flink's words", () => {
    expect(describeEnd(status(2, 1, 'Exception from container-launch.\nline'))).to.equal(
      'Container container_1_0001_01_000002 failed. Exit status: 1. Diagnostics: Exception from container-launch.\nline',
    );
  });

  it('tells limit, peak and the key to raise when memory was exceeded', () => {
    const physical = describeEnd(status(2, -104, PMEM));
    expect(physical).to.include('Exit status: -104. Pmem limit exceeded (-104). It used 288.1 MB of its limit of 256 MB physical memory.');
    expect(physical).to.include('"containerized.heap-cutoff-ratio"').and.to.include('"taskmanager.heap.mb"');
    const virtual = describeEnd(status(2, -103, PMEM));
    expect(virtual).to.include('Vmem limit exceeded (-103). It used 1.1 GB of its limit of 512 MB virtual memory, and 288.1 MB');
    expect(virtual).to.include('"yarn.nodemanager.vmem-pmem-ratio"');
    expect(describeEnd(status(2, -104))).to.include('Pmem limit exceeded (-104). Raise');
  });

  it('tells so too when the process ended by itself as soon as it was asked to', () => {
    const ended = describeEnd(status(2, 0, PMEM));
    expect(ended).to.include('Exit status: 0. Pmem limit exceeded (-104). It used 288.1 MB of its limit of 256 MB physical memory.');
    expect(describeEnd(status(2, 143, PMEM.replace('PHYSICAL', 'VIRTUAL')))).to.include('Exit status: 143. Vmem limit exceeded (-103).');
  });

  it('does not blame a container for what YARN did', () => {
    expect([0, 1, 137, -103, -104, -101].every(countsAsFailure)).to.equal(true);
    expect([-100, -102, -106].some(countsAsFailure)).to.equal(false);
  });
});
