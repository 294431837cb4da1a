import type { Clock, Timer } from '#core';

interface PendingCall {
  readonly resolve: (body: Buffer) => void;
  readonly reject: (error: Error) => void;
  readonly deadline: Timer;
}

/** Calls that wait for their answers, by id. Each has a deadline; when the connection ends, all are rejected, and so is every later one. */
export class PendingCalls {
  readonly #calls = new Map<number, PendingCall>();
  #ended: Error | undefined;

  constructor(private readonly clock: Clock) {}

  /** Why no call can be made any more; undefined while the connection lives. */
  get ended(): Error | undefined {
    return this.#ended;
  }

  add(id: number, timeoutMs: number, onTimeout: () => void): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(this.#ended);
        return;
      }
      this.#calls.set(id, { resolve, reject, deadline: this.clock.setTimer(timeoutMs, onTimeout) });
    });
  }

  resolve(id: number, body: Buffer): void {
    this.#take(id)?.resolve(body);
  }

  /** Answers false when no such call waits. */
  reject(id: number, error: Error): boolean {
    const call = this.#take(id);
    call?.reject(error);
    return call !== undefined;
  }

  end(error: Error): void {
    if (this.#ended) return;
    this.#ended = error;
    for (const id of [...this.#calls.keys()]) this.reject(id, error);
  }

  #take(id: number): PendingCall | undefined {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    call?.deadline.cancel();
    return call;
  }
}
