import { expect } from 'chai';
import { newJobId, type TaskManagerId, type VertexId } from '#core';
import type { PartitioningKind } from '#api';
import { ChannelAllocator, type ChannelNetwork } from '../../../runtime/exchange/channel-allocator.js';
import { Doorbell } from '../../../runtime/exchange/doorbell.js';
import { InsufficientNetworkBuffersError } from '../../../runtime/exchange/errors.js';
import { NetworkMemory } from '../../../runtime/exchange/network-memory.js';
import { RingProducer } from '../../../runtime/exchange/ring.js';
import type { JobEdge, JobGraph, JobVertex } from '../../../runtime/plan/job-graph.js';
import type { Placement, SlotDeployment } from '../../../runtime/task/deployment.js';

const SOURCE = 'a'.repeat(32) as VertexId;
const SINK = 'b'.repeat(32) as VertexId;
const HERE = 'here' as TaskManagerId;
const THERE = 'there' as TaskManagerId;
const JOB = newJobId();

class RecordedNetwork implements ChannelNetwork {
  readonly bell = Doorbell.create();
  readonly calls: string[] = [];
  registerOutbound(id: string): void {
    this.calls.push(`out ${id.slice(33)}`);
  }
  registerInbound(id: string, host: string, port: number): void {
    this.calls.push(`in ${id.slice(33)} ${host}:${port}`);
  }
  release(_jobId: string, attempt: number): void {
    this.calls.push(`release ${attempt}`);
  }
}

/** Two vertices with an edge; subtask i of each is in slot i, slots 0 and 1 here, the others there. */
function deployments(partitioning: PartitioningKind, producers: number, consumers: number): (slot: number) => SlotDeployment {
  const vertex = (id: VertexId, parallelism: number): JobVertex => ({
    id,
    name: id,
    parallelism,
    maxParallelism: 128,
    slotSharingGroup: 'default',
    operators: [],
    links: [],
    coordinated: false,
  });
  const edge: JobEdge = {
    id: 0,
    from: SOURCE,
    fromNode: 1,
    to: SINK,
    toNode: 2,
    input: 0,
    partitioning,
    outputTag: undefined,
    bufferTimeoutMs: 100,
    combine: false,
  };
  const graph = { jobId: JOB, vertices: [vertex(SOURCE, producers), vertex(SINK, consumers)], edges: [edge] } as unknown as JobGraph;
  const place = (vertexId: VertexId, subtaskIndex: number): Placement => ({
    vertexId,
    subtaskIndex,
    slot: subtaskIndex % 2,
    taskManagerId: subtaskIndex < 2 ? HERE : THERE,
    host: 'there.example',
    dataPort: 7000,
  });
  const placements = [
    ...Array.from({ length: producers }, (_, index) => place(SOURCE, index)),
    ...Array.from({ length: consumers }, (_, index) => place(SINK, index)),
  ];
  return (slot) => ({
    graph,
    attempt: 1,
    attemptNumber: 1,
    slot,
    placements,
    restores: [],
    subtasks: placements.filter((own) => own.taskManagerId === HERE && own.slot === slot),
  });
}

describe('channel allocator', () => {
  let network: RecordedNetwork;
  let memory: NetworkMemory;
  let allocator: ChannelAllocator;
  const slotBells = [Doorbell.create(), Doorbell.create()];
  const withMemory = (segments: number): void => {
    network = new RecordedNetwork();
    memory = new NetworkMemory(segments * 1024 + 1023, 1024);
    allocator = new ChannelAllocator({ taskManagerId: HERE, slotBells, network, memory, buffersPerChannel: 2, floatingBuffersPerGate: 8 });
  };
  beforeEach(() => {
    withMemory(1000);
  });

  it('lets the two ends of a local channel share one ring, whichever slot is deployed first', () => {
    const slot = deployments('hash', 2, 2);
    const [source1, sink1] = allocator.allocate(slot(1));
    const [source0, sink0] = allocator.allocate(slot(0));
    const outputs = [source0!, source1!].map(({ outputs: ends }) => ends[0]!);
    const inputs = [sink0!, sink1!].map(({ inputs: ends }) => ends[0]!);
    for (const producer of [0, 1]) {
      for (const consumer of [0, 1]) {
        expect(outputs[producer]![consumer]!.ring).to.equal(inputs[consumer]![producer]!.ring);
        expect(outputs[producer]![consumer]!.peerBell).to.equal(slotBells[consumer]!.memory);
        expect(inputs[consumer]![producer]!.peerBell).to.equal(slotBells[producer]!.memory);
      }
    }
    expect(new Set(outputs.flat().map(({ ring }) => ring)).size).to.equal(4);
    expect(new RingProducer(outputs[0]![0]!.ring, slotBells[0]!).segmentCount).to.equal(6);
    expect(memory.availableSegments).to.equal(1000 - 4 * 6);
    expect(network.calls).to.deep.equal([]);
    expect(source0!.inputs).to.deep.equal({});
  });

  it('registers the ends of channels to another TaskManager with the network thread', () => {
    const [source, sink] = allocator.allocate(deployments('hash', 1, 3)(0));
    expect(network.calls).to.deep.equal(['out 1/0/0/2']);
    expect(source!.outputs[0]![2]!.peerBell).to.equal(network.bell.memory);
    expect(sink!.inputs[0]).to.have.length(1);
    network.calls.length = 0;
    allocator.release(JOB, 1);
    allocator.allocate(deployments('rebalance', 3, 1)(0));
    expect(network.calls).to.deep.equal(['release 1', 'in 1/0/2/0 there.example:7000']);
  });

  it('gives pointwise edges only their own channels, and none where there is no producer', () => {
    const [source, sink] = allocator.allocate(deployments('forward', 2, 2)(1));
    expect(source!.outputs[0]).to.have.length(1);
    expect(sink!.inputs[0]).to.have.length(1);
    expect(memory.availableSegments).to.equal(1000 - 10);
  });

  it('fails before anything is allocated when the segments are too few', () => {
    withMemory(11);
    const slot = deployments('hash', 2, 2);
    expect(() => allocator.allocate(slot(0)))
      .to.throw(InsufficientNetworkBuffersError, 'Insufficient number of network buffers: required 18, but only 11 available')
      .with.property('action')
      .that.includes('taskmanager.network.memory.fraction')
      .and.includes('taskmanager.network.memory.max');
    expect(memory.availableSegments).to.equal(11);
  });

  it('gives everything of an attempt back', () => {
    const slot = deployments('hash', 3, 3);
    allocator.allocate(slot(0));
    allocator.allocate(slot(1));
    allocator.release(JOB, 0);
    expect(memory.availableSegments).to.be.lessThan(1000);
    allocator.release(JOB, 1);
    expect(memory.availableSegments).to.equal(1000);
  });
});
