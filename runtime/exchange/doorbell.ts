const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * What a thread sleeps at: one int32 in shared memory that counts rings. Whoever changes something the thread looks at
 * (a segment published, a segment released, a mail) rings afterwards; the thread reads the count *before* it looks, so no ring is missed.
 */
export class Doorbell {
  readonly #count: Int32Array;

  constructor(readonly memory: SharedArrayBuffer) {
    this.#count = new Int32Array(memory);
  }

  static create(): Doorbell {
    return new Doorbell(new SharedArrayBuffer(64));
  }

  /** May be called from any thread, the waiting one included. */
  ring(): void {
    Atomics.add(this.#count, 0, 1);
    Atomics.notify(this.#count, 0);
  }

  get rings(): number {
    return Atomics.load(this.#count, 0);
  }

  /**
   * Ends when the count is no longer `seen`, or after `timeoutMs` (may be infinite). Keeps nothing alive: the thread must hold a handle of
   * its own.
   *
   * The timeout is a timer that rings. Node 20 keeps the timer of a timed `Atomics.waitAsync` until it would have fired, whether or not
   * somebody rang: 285 bytes a wait with long timeouts, 12 us of CPU time a wait with short ones, where an untimed wait takes 2 us.
   */
  async waitBeyond(seen: number, timeoutMs: number): Promise<void> {
    const wait = Atomics.waitAsync(this.#count, 0, seen);
    if (!wait.async) return;
    if (timeoutMs === Number.POSITIVE_INFINITY) {
      await wait.value;
      return;
    }
    // Timers longer than this fire at once.
    const timer = setTimeout(
      () => {
        this.ring();
      },
      Math.min(timeoutMs, MAX_TIMER_MS),
    );
    timer.unref();
    await wait.value;
    clearTimeout(timer);
  }
}
