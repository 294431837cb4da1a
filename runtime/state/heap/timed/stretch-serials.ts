/**
 * The stretches of time that something was appended in, each with a serial that no other had: entries of snapshots are of a key and a
 * stretch, so that those of the past need not be removed one by one.
 */
export class StretchSerials {
  readonly #serials = new Map<number, number>();
  #last = Number.NaN;
  #serial = 0;

  constructor(readonly stretchMs: number) {}

  /** Something is appended at that time. */
  note(time: number): void {
    const number = Math.floor(time / this.stretchMs);
    if (number === this.#last) return;
    this.#last = number;
    if (!this.#serials.has(number)) this.#serials.set(number, ++this.#serial);
  }

  /** The serial of the stretch of that time, which was noted, and its start. */
  at(time: number): { readonly serial: number; readonly start: number } {
    const number = Math.floor(time / this.stretchMs);
    return { serial: this.#serials.get(number) ?? 0, start: number * this.stretchMs };
  }

  /** Those that do not end before the time. */
  *from(time: number): Iterable<{ readonly serial: number; readonly namespace: readonly [start: number, end: number] }> {
    const first = Math.floor(time / this.stretchMs);
    for (const [number, serial] of this.#serials) {
      const start = number * this.stretchMs;
      if (number >= first) yield { serial, namespace: [start, start + this.stretchMs] };
    }
  }

  /** Forgets those that end before the time. */
  forget(time: number): void {
    const first = Math.floor(time / this.stretchMs);
    for (const number of this.#serials.keys()) if (number < first) this.#serials.delete(number);
    this.#last = Number.NaN;
  }
}
