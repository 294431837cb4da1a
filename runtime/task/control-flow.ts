import type { ChainGate } from '../chain/chain-plan.js';

/**
 * Work between records, as a generator that is resumed until it is done: it yields where an output may have become blocked, or a promise
 * that
 * is to be waited for.
 */
export type ControlWork = Generator<Promise<unknown> | undefined, void, void>;

/**
 * What takes effect between two records of a subtask: watermarks, timers, barriers. Asking for it blocks the gate, so that whoever feeds
 * the
 * chain stops after the record at hand; the subtask then has it done before anything else is taken in.
 *
 * ```
 *   incoming    in order                    what records ask for on their way down the chain: comes before the next record
 *   under way   [ outermost … innermost ]   the innermost goes on first
 *   queued      in order                    what comes from outside: begins when nothing else is left
 *   overtaking  in order                    the same, but goes on also while outputs are blocked
 * ```
 */
export class ControlFlow {
  readonly #underWay: ControlWork[] = [];
  #incoming: (() => ControlWork)[] = [];
  readonly #queued: (() => ControlWork)[] = [];
  readonly #overtaking: (() => ControlWork)[] = [];
  /** The work under way is such. */
  #overtakes = false;
  #waiting = false;
  #rejection: { readonly error: unknown } | undefined;

  /** @param wake called when a promise that was waited for has settled. */
  constructor(
    private readonly gate: ChainGate,
    private readonly wake: () => void,
  ) {}

  get pending(): boolean {
    return this.#underWay.length + this.#incoming.length + this.#queued.length + this.#overtaking.length > 0;
  }

  /** For what comes about in the chain, or at its input: takes effect behind the record at hand. */
  request(work: () => ControlWork): void {
    this.#incoming.push(work);
    this.gate.blocked = true;
  }

  /** For what comes from outside: takes effect behind all that was requested. */
  enqueue(work: () => ControlWork): void {
    this.#queued.push(work);
    this.gate.blocked = true;
  }

  /** For what comes from outside and emits nothing that outputs could not take at any time. */
  overtake(work: () => ControlWork): void {
    this.#overtaking.push(work);
    this.gate.blocked = true;
  }

  /**
   * Goes on until nothing is left, or outputs are blocked, or something is waited for. `release` opens the gate if the outputs allow it and
   * answers whether they did; `idle` tells it that nothing is under way. `settled` answers whether the record at hand has been processed
   * as a whole, although outputs may be blocked. Answers whether anything was done. Throws what the work throws.
   */
  run(release: (idle: boolean) => boolean, settled: () => boolean): boolean {
    let progressed = false;
    while (this.pending && !this.#waiting) {
      const idle = this.#underWay.length === 0 && this.#incoming.length === 0;
      if (idle) this.#overtakes = this.#overtaking.length > 0 && settled();
      if (!this.#overtakes && !release(idle)) break;
      progressed = true;
      this.#takeIncoming();
      if (this.#underWay.length === 0) this.#begin();
      this.#goOn(this.#underWay.at(-1)!);
    }
    return progressed;
  }

  #begin(): void {
    const next = (this.#overtakes ? undefined : this.#queued.shift()) ?? this.#overtaking.shift();
    this.#underWay.push(next!());
  }

  /** The first to be done on top. */
  #takeIncoming(): void {
    if (this.#incoming.length === 0) return;
    for (const work of this.#incoming.toReversed()) this.#underWay.push(work());
    this.#incoming = [];
  }

  #goOn(work: ControlWork): void {
    const result = this.#resume(work);
    if (result.done === true) {
      this.#underWay.splice(this.#underWay.indexOf(work), 1);
      // What is asked for afterwards waits for outputs again.
      if (this.#underWay.length === 0) this.#overtakes = false;
    } else if (result.value !== undefined) this.#wait(result.value);
  }

  #resume(work: ControlWork): IteratorResult<Promise<unknown> | undefined, void> {
    const rejection = this.#rejection;
    if (rejection === undefined) return work.next();
    this.#rejection = undefined;
    return work.throw(rejection.error);
  }

  #wait(promise: Promise<unknown>): void {
    this.#waiting = true;
    promise
      .catch((error: unknown) => {
        this.#rejection = { error };
      })
      .finally(() => {
        this.#waiting = false;
        this.wake();
      });
  }
}
