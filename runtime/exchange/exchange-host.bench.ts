import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { invariant, silentLogger } from '#core';
import type { SlotDeployment } from '../task/deployment.js';
import { ChannelAllocator } from './channel-allocator.js';
import { Doorbell } from './doorbell.js';
import type { BenchResult, BenchSlot } from './exchange-slot.bench.js';
import { NetworkMemory } from './network-memory.js';
import { NetworkThread } from './network/network-thread.js';

/** To a process of `exchange.bench.ts`, which stands for a TaskManager. */
export type HostCommand =
  | { readonly type: 'start' }
  | { readonly type: 'deploy'; readonly deployments: readonly SlotDeployment[]; readonly declared: boolean }
  | { readonly type: 'round'; readonly records: number }
  | { readonly type: 'end' };

export type HostReport =
  | { readonly type: 'started'; readonly port: number }
  | { readonly type: 'deployed' }
  | { readonly type: 'done'; readonly results: readonly BenchResult[]; readonly cpuMs: number }
  | { readonly type: 'ended' };

const SEGMENT_BYTES = Number(process.env['SEGMENT_BYTES'] ?? 32 * 1024);
const slotBells = Array.from({ length: 4 }, () => Doorbell.create());
const workers: Worker[] = [];
const { network, port } = await NetworkThread.start(
  { bindHost: '127.0.0.1', portRange: [{ first: 0, last: 0 }], clusterId: 'bench', secret: 'bench', name: `process ${process.pid}` },
  silentLogger,
);

async function deploy(deployment: SlotDeployment, allocator: ChannelAllocator, declared: boolean): Promise<void> {
  for (const { subtaskIndex, inputs, outputs } of allocator.allocate(deployment)) {
    const role = outputs[0] ? 'producer' : 'consumer';
    const workerData: BenchSlot = {
      role,
      index: subtaskIndex,
      bell: slotBells[deployment.slot]!.memory,
      channels: outputs[0] ?? inputs[0]!,
      declared,
    };
    const worker = new Worker(new URL('./exchange-slot.bench.js', import.meta.url), { workerData });
    workers.push(worker);
    await once(worker, 'message');
  }
}

async function deployAll(deployments: readonly SlotDeployment[], declared: boolean): Promise<void> {
  const taskManagerId = deployments[0]!.placements.find((placement) => placement.dataPort === port)!.taskManagerId;
  const memory = new NetworkMemory(16 * 1024 * 1024, SEGMENT_BYTES);
  const allocator = new ChannelAllocator({ taskManagerId, slotBells, network, memory, buffersPerChannel: 2, floatingBuffersPerGate: 8 });
  for (const deployment of deployments) await deploy(deployment, allocator, declared);
}

async function round(records: number): Promise<HostReport> {
  const before = process.cpuUsage();
  for (const worker of workers) worker.postMessage(records);
  const results = await Promise.all(workers.map(async (worker) => ((await once(worker, 'message')) as [BenchResult])[0]));
  const { user, system } = process.cpuUsage(before);
  return { type: 'done', results, cpuMs: (user + system) / 1000 };
}

/** Lets every thread end by itself, so that it writes its profile. */
async function end(): Promise<HostReport> {
  for (const worker of workers) worker.postMessage('end');
  await Promise.all([network.stop(), ...workers.map((worker) => once(worker, 'exit'))]);
  return { type: 'ended' };
}

async function obey(command: HostCommand): Promise<HostReport> {
  switch (command.type) {
    case 'start':
      return { type: 'started', port };
    case 'deploy':
      await deployAll(command.deployments, command.declared);
      return { type: 'deployed' };
    case 'round':
      return round(command.records);
    case 'end':
      return end();
  }
}

invariant(process.send !== undefined, 'a bench host is started by the bench');
process.on('message', (command: HostCommand) => {
  void obey(command).then((report) => process.send!(report));
});
