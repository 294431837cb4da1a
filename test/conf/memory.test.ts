import { expect } from 'chai';
import fc from 'fast-check';
import { Configuration, jobManagerHeap, MemoryConfigurationError, taskManagerMemory } from '#conf';

const MIB = 1024 * 1024;

function memoryOf(values: Readonly<Record<string, string>>): ReturnType<typeof taskManagerMemory> {
  return taskManagerMemory(Configuration.of(values));
}

function failureOf(values: Readonly<Record<string, string>>): MemoryConfigurationError {
  try {
    memoryOf(values);
  } catch (error) {
    if (error instanceof MemoryConfigurationError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('memory of a TaskManager', () => {
  it("is divided by Flink 1.4's defaults", () => {
    const network = Math.floor((1024 * MIB * 0.1) / 32_768) * 32_768;
    expect(memoryOf({})).to.deep.equal({
      totalBytes: 1024 * MIB,
      networkBytes: network,
      networkSegments: network / 32_768,
      segmentSizeBytes: 32_768,
      managedBytes: Math.floor((1024 * MIB - network) * 0.7),
      managedOffHeap: false,
      heapBytes: 1024 * MIB - network,
    });
  });

  it("clamps the network's share", () => {
    expect(memoryOf({ 'taskmanager.heap.mb': '256' }).networkBytes).to.equal(64 * MIB);
    expect(memoryOf({ 'taskmanager.heap.mb': '20480' }).networkBytes).to.equal(1024 * MIB);
    expect(memoryOf({ 'taskmanager.network.memory.min': '1m', 'taskmanager.network.memory.max': '2m' }).networkBytes).to.equal(2 * MIB);
  });

  it('counts segments of the configured size', () => {
    expect(memoryOf({ 'taskmanager.memory.segment-size': '64kb', 'taskmanager.network.memory.max': '64mb' }).networkSegments).to.equal(
      1024,
    );
  });

  it('takes the old number of buffers, unless a newer key is set', () => {
    expect(memoryOf({ 'taskmanager.network.numberOfBuffers': '2048' }).networkSegments).to.equal(2048);
    const both = { 'taskmanager.network.numberOfBuffers': '16', 'taskmanager.memory.network.min': '64mb' };
    expect(memoryOf(both).networkSegments).to.equal(memoryOf({}).networkSegments);
  });

  it('takes managed memory of a fixed size in MB, and shrinks the heap by it when it is off heap', () => {
    const onHeap = memoryOf({ 'taskmanager.memory.size': '100' });
    const offHeap = memoryOf({ 'taskmanager.memory.size': '100', 'taskmanager.memory.off-heap': 'true' });
    expect([onHeap.managedBytes, offHeap.managedBytes]).to.deep.equal([100 * MIB, 100 * MIB]);
    expect(onHeap.heapBytes - offHeap.heapBytes).to.equal(100 * MIB);
  });

  it('understands the names of later versions, where managed memory is off heap and a share of the total', () => {
    const memory = memoryOf({ 'taskmanager.memory.flink.size': '1000m', 'taskmanager.memory.managed.fraction': '0.4' });
    expect(memory).to.include({ totalBytes: 1000 * MIB, managedBytes: 400 * MIB, managedOffHeap: true });
    expect(memoryOf({ 'taskmanager.memory.managed.size': '100m' })).to.include({ managedBytes: 100 * MIB, managedOffHeap: true });
    expect(memoryOf({ 'taskmanager.memory.managed.size': '100m', 'taskmanager.memory.off-heap': 'false' }).managedOffHeap).to.equal(false);
  });

  it('keeps an overhead back from the size of the process', () => {
    expect(memoryOf({ 'taskmanager.memory.process.size': '1728m' }).totalBytes).to.equal((1728 - 192) * MIB);
    expect(memoryOf({ 'taskmanager.memory.process.size': '4000m' }).totalBytes).to.equal(3600 * MIB);
  });

  it('builds the total around the heap of tasks', () => {
    const { totalBytes, heapBytes, networkBytes, managedBytes } = memoryOf({
      'taskmanager.memory.task.heap.size': '512m',
      'taskmanager.memory.managed.size': '256m',
    });
    expect(totalBytes).to.equal(heapBytes + networkBytes + managedBytes);
    expect(heapBytes)
      .to.be.at.least(512 * MIB)
      .and.below(513 * MIB);
  });

  it('lets the stronger layer decide which size counts', () => {
    const file = Configuration.of({ 'taskmanager.heap.mb': '2048', 'taskmanager.memory.fraction': '0.5' });
    const memory = taskManagerMemory(
      file.with({ 'taskmanager.memory.process.size': '1192m', 'taskmanager.memory.managed.fraction': '0.3' }),
    );
    expect(memory).to.include({ totalBytes: 1000 * MIB, managedBytes: 300 * MIB });
  });

  it('refuses shares of nothing or everything, naming the key', () => {
    for (const key of ['taskmanager.memory.fraction', 'taskmanager.network.memory.fraction', 'taskmanager.memory.managed.fraction']) {
      for (const share of ['0', '1', '-0.5', '2']) expect(failureOf({ [key]: share }).message).to.contain(`"${key}"`);
    }
  });

  it('refuses what does not fit, naming the keys', () => {
    expect(failureOf({ 'taskmanager.memory.size': '2000' }).keys).to.deep.equal(['taskmanager.memory.size', 'taskmanager.heap.mb']);
    expect(failureOf({ 'taskmanager.heap.mb': '64' }).action).to.contain('taskmanager.network.memory.min');
    expect(failureOf({ 'taskmanager.network.memory.min': '2g' }).keys).to.include('taskmanager.network.memory.max');
    expect(failureOf({ 'taskmanager.memory.process.size': '100m' }).keys).to.include('taskmanager.memory.process.size');
    expect(failureOf({ 'taskmanager.memory.segment-size': '100' }).keys).to.deep.equal(['taskmanager.memory.segment-size']);
    expect(failureOf({ 'taskmanager.memory.managed.fraction': '0.95' }).keys).to.include('taskmanager.memory.managed.fraction');
  });

  it('always adds up', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 128, max: 100_000 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.boolean(),
        (heap, share, offHeap) => {
          const memory = memoryOf({
            'taskmanager.heap.mb': `${heap}`,
            'taskmanager.memory.fraction': `${share}`,
            'taskmanager.memory.off-heap': `${offHeap}`,
          });
          const outside = memory.networkBytes + (offHeap ? memory.managedBytes : 0);
          expect(memory.heapBytes + outside).to.equal(heap * MIB);
          expect(memory.heapBytes).to.be.above(0);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('heap of the JobManager', () => {
  it('is set outright, or left over by the process', () => {
    const cases: readonly Readonly<Record<string, string>>[] = [
      {},
      { 'jobmanager.heap.mb': '256' },
      { 'jobmanager.memory.flink.size': '2g' },
      { 'jobmanager.memory.process.size': '1600m' },
    ];
    expect(cases.map((values) => jobManagerHeap(Configuration.of(values)) / MIB)).to.deep.equal([1024, 256, 2048, 1408]);
  });
});
