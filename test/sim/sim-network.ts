import type { Socket } from 'node:net';
import type { ChannelId } from '../../runtime/exchange/channel-id.js';
import { Doorbell } from '../../runtime/exchange/doorbell.js';
import type { ConnectionTarget, ReceivingBuffer } from '../../runtime/exchange/network/consumer-connection.js';
import type { NetworkReport } from '../../runtime/exchange/network/messages.js';
import { NetworkLoop } from '../../runtime/exchange/network/network-loop.js';
import { exchangeError, type ExchangeFailure } from '../../runtime/exchange/network/network-thread.js';
import type { DataPlane } from '../../runtime/taskmanager/task-manager.js';
import type { Faults } from './faults.js';
import type { Scheduler, SimProcess } from './scheduler.js';
import { SimSocket } from './sim-sockets.js';

interface Port {
  readonly process: SimProcess;
  readonly loop: NetworkLoop;
}

const OPTIONS = {
  bindHost: '',
  portRange: [],
  clusterId: 'simulated',
  secret: 'secret',
  producerTimeoutMs: 30_000,
  loginTimeoutMs: 10_000,
};

/** The data exchange between the TaskManagers of a simulation: the real network loops, over simulated sockets. */
export class SimNetwork {
  readonly #ports = new Map<number, Port>();
  readonly #sockets = new Set<SimSocket>();
  #nextPort = 1;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly faults: Faults,
  ) {}

  /** The data port of a process, whose commands take a step each. */
  open(process: SimProcess): DataPlane {
    const { scheduler, faults } = this;
    const bell = Doorbell.create();
    let onFailure: (failure: ExchangeFailure) => void = () => undefined;
    const report = (message: NetworkReport): void => {
      if (message.type !== 'failed') return;
      const { channels, cause } = message;
      scheduler.after(process, faults.linkMs(), 'exchange failure', () => {
        onFailure({ channels, error: exchangeError(channels, cause) });
      });
    };
    const loop = new NetworkLoop({ ...OPTIONS, name: process.name }, bell, report, scheduler.clockOf(process), (target, onread) =>
      this.#connect(process, target, onread),
    );
    const port = this.#nextPort++;
    this.#ports.set(port, { process, loop });
    void scheduler.runLoop(process, loop, bell);
    const command = this.#commands(process);
    const network = {
      bell,
      registerOutbound: (id: ChannelId, ring: SharedArrayBuffer, slotBell: Doorbell) => {
        command(() => {
          loop.registerOutbound(id, ring, slotBell.memory);
        });
      },
      registerInbound: (id: ChannelId, host: string, to: number, ring: SharedArrayBuffer, slotBell: Doorbell) => {
        command(() => {
          loop.registerInbound(id, { host, port: to }, ring, slotBell.memory);
        });
      },
      release: (...attempt: Parameters<NetworkLoop['release']>) => {
        command(() => {
          loop.release(...attempt);
        });
      },
      onFailure: (callback: (failure: ExchangeFailure) => void) => {
        onFailure = callback;
      },
      stop: () => {
        loop.stop();
        return Promise.resolve();
      },
    };
    return { network, port };
  }

  /** The process is gone: its connections break. */
  lose(process: SimProcess): void {
    for (const socket of this.#sockets) {
      if (socket.process !== process && socket.other?.process !== process) continue;
      this.#sockets.delete(socket);
      socket.destroy();
    }
  }

  /** In their order, as a thread takes its messages. */
  #commands(process: SimProcess): (work: () => void) => void {
    const waiting: (() => void)[] = [];
    return (work) => {
      waiting.push(work);
      this.scheduler.after(process, 0, 'network command', () => {
        waiting.shift()?.();
      });
    };
  }

  #connect(process: SimProcess, { port }: ConnectionTarget, onread: ReceivingBuffer): Socket {
    const target = this.#ports.get(port);
    const [near, far] = SimSocket.pair(this.scheduler, this.faults, process, target?.process ?? process, onread);
    this.#sockets.add(near);
    if (target?.process.alive !== true) near.destroy();
    else {
      this.scheduler.after(target.process, this.faults.linkMs(), 'data connection', () => {
        target.loop.accept(far.asSocket);
      });
    }
    return near.asSocket;
  }
}
