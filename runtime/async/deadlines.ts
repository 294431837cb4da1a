import type { Clock, Timer } from '#core';
import type { AsyncRequest } from './async-request.js';

/** Calls for requests that are not done at their deadline. Deadlines come in order, so that one timer is enough. */
export class Deadlines {
  readonly #requests: AsyncRequest[] = [];
  #timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly onDeadline: (request: AsyncRequest) => void,
  ) {}

  watch(request: AsyncRequest): void {
    if (request.deadlineMs === Infinity) return;
    this.#requests.push(request);
    this.#timer ??= this.#arm(request);
  }

  close(): void {
    this.#timer?.cancel();
    this.#requests.length = 0;
  }

  #arm(request: AsyncRequest): Timer {
    const fire = (): void => {
      this.#timer = undefined;
      this.#fire();
    };
    return this.clock.setTimer(Math.max(0, request.deadlineMs - this.clock.now()), fire, { background: true });
  }

  #fire(): void {
    const now = this.clock.now();
    while (this.#requests[0]?.done === true || (this.#requests[0]?.deadlineMs ?? Infinity) <= now) {
      const request = this.#requests.shift()!;
      if (!request.done) this.onDeadline(request);
    }
    const [next] = this.#requests;
    if (next !== undefined) this.#timer ??= this.#arm(next);
  }
}
