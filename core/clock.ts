/** A timer that has been set; disposing it before it fires prevents the call. */
export interface Timer {
  cancel(): void;
}

/** The source of processing time. Everything that waits takes one, so that tests decide how time passes. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** Milliseconds of a clock that never goes back, for measuring durations. */
  monotonicMs(): number;
  /** Calls `callback` once, `delayMs` from now. The timer keeps the process alive unless `background` is set. */
  setTimer(delayMs: number, callback: () => void, options?: { readonly background?: boolean }): Timer;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(delayMs, callback, options) {
    const handle = setTimeout(callback, delayMs);
    if (options?.background) handle.unref();
    return {
      cancel: () => {
        clearTimeout(handle);
      },
    };
  },
};
