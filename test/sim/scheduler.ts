import type { Clock, Random, Timer } from '#core';
import type { LoopBody } from '../../runtime/task/slot-loop.js';
import type { Doorbell } from '../../runtime/exchange/doorbell.js';
import { TraceHash } from './trace-hash.js';

/** A process of the simulated cluster. What a dead one was about to do does not happen. */
export interface SimProcess {
  readonly name: string;
  alive: boolean;
}

export interface StepOptions {
  /** Does not keep the simulation busy: a timer that is set again and again. */
  readonly background?: boolean;
  /** Called instead when the process is killed before. */
  readonly onKilled?: () => void;
}

interface Step extends StepOptions {
  readonly process: SimProcess;
  readonly label: string;
  readonly run: () => void;
  atMs: number;
  /** Set for a slot that sleeps: it may go on before its time when somebody has rung. */
  readonly rung?: () => boolean;
}

/** How long a slot that nobody rings sleeps at most, ms; as the loop of a thread has it. */
const LONGEST_SLEEP_MS = 1000;

/** Who takes more goes round in circles. */
const MOST_STEPS = 500_000;

/** Waits until all promises that can go on have gone on. Taken before anybody replaces it. */
const realSetImmediate = setImmediate;

function allSettled(): Promise<void> {
  return new Promise((resolve) => {
    realSetImmediate(resolve);
  });
}

/**
 * Owns the time of a simulation and decides by chance what goes next of all that could: passes of slots, messages, file operations and
 * timers. One step is taken at a time, with all promises that follow from it; time goes on when nothing is left to do now.
 */
export class Scheduler {
  readonly trace = new TraceHash();
  readonly #steps = new Set<Step>();
  #nowMs = 1_700_000_000_000;
  #taken = 0;
  #current: SimProcess | undefined;
  #stepping = false;

  constructor(
    private readonly random: Random,
    /** How long a pass of a slot takes, ms. */
    private readonly passMs: (process: SimProcess) => number,
  ) {}

  get nowMs(): number {
    return this.#nowMs;
  }

  get stepsTaken(): number {
    return this.#taken;
  }

  /** Whether the call comes from a step, and not from something else that this thread does. */
  get stepping(): boolean {
    return this.#stepping;
  }

  /** The process whose step this is. */
  get current(): SimProcess {
    if (this.#current === undefined) throw new TypeError('no process of the simulation is running');
    return this.#current;
  }

  /** Has something done as if it were a step of the process. */
  within<R>(process: SimProcess, work: () => R): R {
    this.#current = process;
    return work();
  }

  /** Takes a step later: at a time from now, and then when chance has it. */
  after(process: SimProcess, delayMs: number, label: string, run: () => void, options: StepOptions = {}): Timer {
    return this.#add({ ...options, process, label, run, atMs: this.#nowMs + Math.max(0, Math.ceil(delayMs)) });
  }

  clockOf(process: SimProcess): Clock {
    return {
      now: () => this.#nowMs,
      monotonicMs: () => this.#nowMs,
      setTimer: (delayMs, callback, options) => this.after(process, delayMs, 'timer', callback, options),
    };
  }

  /** Drives the loop of a slot, pass by pass, as its thread would. */
  runLoop(process: SimProcess, body: LoopBody, bell: Doorbell): Promise<void> {
    return new Promise((ended) => {
      const pass = (): void => {
        if (body.ended) return ended();
        const rings = bell.rings;
        if (body.pass(this.#nowMs)) return void this.after(process, this.passMs(process), 'pass', pass);
        if (body.ended) return ended();
        // A timer of no time at all takes 1 ms, too.
        const sleepMs = Math.ceil(Math.min(LONGEST_SLEEP_MS, Math.max(1, body.nextDueMs() - this.#nowMs)));
        this.#add({ process, label: 'woken', run: pass, atMs: this.#nowMs + sleepMs, rung: () => bell.rings !== rings, background: true });
      };
      this.after(process, this.passMs(process), 'pass', pass);
    });
  }

  /** What the process still has to do. */
  stepsOf(process: SimProcess): readonly string[] {
    return [...this.#steps].filter((step) => step.process === process).map(({ label }) => label);
  }

  kill(process: SimProcess): void {
    process.alive = false;
    for (const step of this.#steps) {
      if (step.process !== process) continue;
      this.#steps.delete(step);
      step.onKilled?.();
    }
  }

  /** Goes on until the condition holds, or time is over: answers whether it holds. */
  async runUntil(condition: () => boolean, withinMs: number): Promise<boolean> {
    const endMs = this.#nowMs + withinMs;
    const lastStep = this.#taken + MOST_STEPS;
    for (;;) {
      await allSettled();
      if (condition()) return true;
      if (this.#taken > lastStep || !this.#takeStep(endMs)) return false;
    }
  }

  #takeStep(endMs: number): boolean {
    const step = this.#choose(endMs);
    if (step === undefined) return false;
    this.#steps.delete(step);
    this.#taken++;
    this.trace.add(`${this.#nowMs} ${step.process.name} ${step.label}`);
    this.#current = step.process;
    this.#stepping = true;
    try {
      step.run();
    } finally {
      this.#stepping = false;
    }
    return true;
  }

  #choose(endMs: number): Step | undefined {
    let due = this.#due();
    if (due.length === 0) {
      const nextMs = Math.min(...[...this.#steps].map(({ atMs }) => atMs));
      if (nextMs > endMs) return undefined;
      this.#nowMs = nextMs;
      due = this.#due();
    }
    return due[this.random.nextInt(due.length)];
  }

  #due(): readonly Step[] {
    const due: Step[] = [];
    for (const step of this.#steps) if (step.atMs <= this.#nowMs || step.rung?.() === true) due.push(step);
    return due;
  }

  #add(step: Step): Timer {
    if (!step.process.alive) return { cancel: () => undefined };
    this.#steps.add(step);
    return {
      cancel: () => {
        this.#steps.delete(step);
      },
    };
  }
}
