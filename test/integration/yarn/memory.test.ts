import { expect } from 'chai';
import { readFileSync } from 'node:fs';
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

/** Keeps all slots busy for a quarter of a minute, with state of 200 000 keys that goes through an exchange. */
const LOAD = `import { DiscardingSink, StreamExecutionEnvironment } from 'flink-ts';
const env = StreamExecutionEnvironment.getExecutionEnvironment();
const record = (index: number) => ({ key: 'key ' + ((index * 7919) % 200_000), count: 1, text: 'x'.repeat(40) });
env.dataGenerator(record, 3_000_000, { ratePerSecond: 200_000 })
  .keyBy('key')
  .reduce((a, b) => ({ ...b, count: a.count + b.count }))
  .sinkTo(new DiscardingSink());
await env.execute('load');
`;
const CONTAINER_MB = 512;
const IDLE_MB = 150;

/** The most that a process has had in memory since it began, MB. */
function peakMb(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

describe('session on YARN: memory of containers', function () {
  this.timeout(240_000);
  const directory = useTempDirectory();
  let testbed: Testbed;
  before(async () => {
    testbed = await Testbed.start({ yarn: { classicMemoryChecks: true } });
  });
  after(() => testbed.stop());

  it('stays within what NodeManagers check, until a program takes more; then that is told', async () => {
    const configuration = { 'taskmanager.numberOfTaskSlots': '2', 'taskmanager.heap.mb': String(CONTAINER_MB) };
    const session = await SessionCluster.start(testbed, { taskManagers: 2, configuration });
    const before = await session.taskManagers(2);
    for (const { pid } of before) expect(peakMb(pid)).to.be.lessThan(IDLE_MB);
    const installation = await Installation.create(directory.path);
    const { amRPCAddress = '' } = await session.report();
    const load = await installation.flink('run', '-m', amRPCAddress, '-p', '4', installation.program('load.ts', LOAD));
    expect(load.code, load.err).to.equal(0);
    expect((await session.taskManagers(2)).map(({ pid }) => pid)).to.have.members(before.map(({ pid }) => pid));
    for (const { pid } of before) expect(peakMb(pid)).to.be.within(IDLE_MB / 2, CONTAINER_MB * 0.9);
    const run = await installation.flink('run', '-m', amRPCAddress, installation.program('greedy.ts', GREEDY));
    expect(run.code).to.equal(1);
    // A TaskManager that ends fast enough when it is asked to has an exit status of its own.
    expect(run.err, run.err).to.match(
      /Container container_\w+ failed\. Exit status: (0|-10[34])\. [VP]mem limit exceeded \(-10[34]\)\. It used [\d.]+ GB of/,
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
