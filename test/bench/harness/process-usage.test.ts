import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { processUsage } from '../../../bench/harness/process-usage.js';

describe('usage of a process', () => {
  it('is that of the process, where the system tells it', () => {
    const usage = processUsage(process.pid);
    if (!existsSync('/proc/self/stat')) {
      expect(usage).to.equal(undefined);
      return;
    }
    const { user, system } = process.cpuUsage();
    expect(usage?.cpuSeconds).to.be.closeTo((user + system) / 1e6, 0.5);
    expect(usage?.rssMb).to.be.within(10, usage?.peakRssMb ?? 0);
  });

  it('is unknown for a process that is not there', () => {
    expect(processUsage(2 ** 30)).to.equal(undefined);
  });
});
