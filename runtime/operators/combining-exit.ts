import { NO_TIMESTAMP, type StreamEvent } from '#core';
import type { ChainGate } from '../chain/chain-plan.js';
import type { AbsorbingOperator } from '../chain/stage.js';
import type { Barrier } from '../exchange/channel-writer.js';
import type { TaskExit } from '../task/task-exit.js';

/** Distinct keys that are held before they are sent. */
const MAX_KEYS = 131_072;

/**
 * Batch: combines the records of each key before they cross an exchange, in tables of bounded size. A full table is sent while
 * the next one fills; nothing more is taken meanwhile.
 */
export class CombiningExit implements TaskExit {
  #filling: AbsorbingOperator;
  #sending: AbsorbingOperator | undefined;
  #next = 0;
  #blocked = false;
  #finishing = false;

  constructor(
    private readonly exit: TaskExit,
    private readonly newReducer: () => AbsorbingOperator,
    private readonly gate: ChainGate,
    private readonly maxKeys = MAX_KEYS,
  ) {
    this.#filling = newReducer();
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  get nextFlushAtMs(): number {
    return this.exit.nextFlushAtMs;
  }

  get recordsOut(): number {
    return this.exit.recordsOut;
  }

  get bytesOut(): number {
    return this.exit.bytesOut;
  }

  emit(value: unknown): void {
    this.#filling.absorb(value);
    if (this.#filling.size >= this.maxKeys) this.#send();
  }

  drain(): boolean {
    const drained = this.exit.drain();
    const sent = this.#sendMore();
    if (this.#sending === undefined && this.#filling.size >= (this.#finishing ? 1 : this.maxKeys)) this.#send();
    this.#blocked = this.#sending !== undefined || this.exit.blocked;
    return drained || sent;
  }

  finish(): void {
    this.#finishing = true;
    this.#send();
  }

  broadcastEvent(event: StreamEvent): void {
    this.exit.broadcastEvent(event);
  }

  sendBarrier(barrier: Barrier): void {
    this.exit.sendBarrier(barrier);
  }

  get barrierTaken(): boolean {
    return this.exit.barrierTaken;
  }

  announceBarrier(...[barrier, begin]: Parameters<TaskExit['announceBarrier']>): void {
    this.exit.announceBarrier(barrier, begin);
  }

  flush(): void {
    this.exit.flush();
  }

  flushDue(nowMs: number): void {
    this.exit.flushDue(nowMs);
  }

  #send(): void {
    this.#blocked = true;
    this.gate.blocked = true;
    if (this.#sending !== undefined) return;
    this.#sending = this.#filling;
    this.#next = 0;
    this.#filling = this.newReducer();
  }

  #sendMore(): boolean {
    const reducer = this.#sending;
    if (reducer === undefined) return false;
    const from = this.#next;
    while (this.#next < reducer.size && !this.exit.blocked) this.exit.emit(reducer.resultAt(this.#next++), NO_TIMESTAMP);
    if (this.#next === reducer.size) this.#sending = undefined;
    return this.#next > from;
  }
}
