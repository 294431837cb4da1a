import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { Timer } from '#core';
import type { ReceivingBuffer } from '../../runtime/exchange/network/consumer-connection.js';
import type { Faults } from './faults.js';
import type { Scheduler, SimProcess } from './scheduler.js';

type Arrival = Buffer | 'closed';

/** One end of a connection between processes, as far as the data exchange uses it. Bytes take time, and arrive cut anywhere. */
export class SimSocket extends EventEmitter {
  readonly remoteAddress = 'simulated';
  readonly remotePort = 0;
  other: SimSocket | undefined;
  readonly #arriving: Arrival[] = [];
  #timeout: Timer | undefined;
  #closed = false;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly faults: Faults,
    readonly process: SimProcess,
    private readonly onread: ReceivingBuffer | undefined,
  ) {
    super();
  }

  /** Two ends; `onread` is that of the first. */
  static pair(
    scheduler: Scheduler,
    faults: Faults,
    from: SimProcess,
    to: SimProcess,
    onread: ReceivingBuffer,
  ): readonly [SimSocket, SimSocket] {
    const first = new SimSocket(scheduler, faults, from, onread);
    const second = new SimSocket(scheduler, faults, to, undefined);
    first.other = second;
    second.other = first;
    return [first, second];
  }

  /** As what connections are made with. */
  get asSocket(): Socket {
    return this as unknown as Socket;
  }

  write(bytes: Uint8Array, written?: (error?: Error) => void): boolean {
    if (this.#closed) return false;
    const copy = Buffer.from(bytes);
    const cut = this.faults.upTo(copy.length);
    for (const piece of [copy.subarray(0, cut), copy.subarray(cut)]) if (piece.length > 0) this.other!.#later(piece);
    if (written) this.scheduler.after(this.process, this.faults.linkMs(), 'written', written);
    return true;
  }

  end(bytes?: Uint8Array): void {
    if (bytes) this.write(bytes);
    this.other!.#later('closed');
  }

  destroySoon(): void {
    this.destroy();
  }

  /** Both ends are closed: the other one when what is under way has come. */
  destroy(): void {
    if (this.#closed) return;
    this.#close();
    this.other!.#later('closed');
  }

  setTimeout(delayMs: number, expired?: () => void): void {
    this.#timeout?.cancel();
    if (delayMs > 0 && expired) this.#timeout = this.scheduler.after(this.process, delayMs, 'timer', expired, { background: true });
  }

  cork(): void {}
  uncork(): void {}
  resume(): void {}
  setNoDelay(): void {}
  setKeepAlive(): void {}

  #later(arrival: Arrival): void {
    this.#arriving.push(arrival);
    this.scheduler.after(this.process, this.faults.linkMs(), 'data', () => {
      const next = this.#arriving.shift();
      if (this.#closed || next === undefined) return;
      if (next === 'closed') this.destroy();
      else this.#receive(next);
    });
  }

  #receive(bytes: Buffer): void {
    if (this.onread === undefined) return void this.emit('data', bytes);
    const { buffer, callback } = this.onread;
    for (let at = 0; at < bytes.length && !this.#closed; at += buffer.length) {
      const length = bytes.copy(buffer, 0, at, Math.min(bytes.length, at + buffer.length));
      callback(length, buffer);
    }
  }

  #close(): void {
    this.#closed = true;
    this.#timeout?.cancel();
    this.scheduler.after(this.process, 0, 'closed', () => {
      this.emit('close');
    });
  }
}
