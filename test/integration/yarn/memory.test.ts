import { expect } from 'chai';
import { Testbed } from '../../testbed/testbed.js';
import { useTempDirectory } from '../../support/temp-directory.js';
import { Installation } from '../standalone/command-line.js';
import { SessionCluster } from './session-cluster.js';

/** Takes 2 GB outside the heap, and keeps them. */
const GREEDY = `import { StreamExecutionEnvironment } from 'flink-ts';
const kept: Buffer[] = [];
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.fromElements(1)
  .map((value) => {
    while (kept.length < 40) kept.push(Buffer.alloc(50 << 20, value));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
    return kept.length;
  })
  .print();
await env.execute('greedy');
`;

describe('session on YARN: memory of containers', function () {
  this.timeout(240_000);
  const directory = useTempDirectory();
  let testbed: Testbed;
  before(async () => {
    testbed = await Testbed.start({ yarn: { classicMemoryChecks: true } });
  });
  after(() => testbed.stop());

  it('stays within what NodeManagers check, until a program takes more; then that is told', async () => {
    const session = await SessionCluster.start(testbed, { taskManagers: 2, configuration: { 'taskmanager.numberOfTaskSlots': '2' } });
    const before = await session.taskManagers(2);
    const installation = await Installation.create(directory.path);
    const { amRPCAddress = '' } = await session.report();
    const run = await installation.flink('run', '-m', amRPCAddress, installation.program('greedy.ts', GREEDY));
    expect(run.code).to.equal(1);
    expect(run.err).to.match(
      /Container container_\w+ failed\. Exit status: -10[34]\. [VP]mem limit exceeded \(-10[34]\)\. It used [\d.]+ GB of/,
    );
    expect(run.err).to.include('"taskmanager.heap.mb"');
    // By then they had been checked several times: the one that did nothing is still there, and so is the ApplicationMaster.
    const after = await session.taskManagers(2);
    expect(before.filter(({ id }) => after.some((now) => now.id === id))).to.have.length(1);
    expect(await session.report()).to.include({ state: 'RUNNING' });
    await session.shutDown();
    await session.ended();
  });
});
