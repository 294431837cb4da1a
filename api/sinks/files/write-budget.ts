/** Bytes that a writer may hold before they are written. */
const LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * How much a writer holds in all its part files. It is blocked from the limit on, until half of it is written.
 */
export class WriteBudget {
  #heldBytes = 0;
  #blocked = false;

  constructor(
    private readonly wake: () => void,
    private readonly limitBytes: number = LIMIT_BYTES,
  ) {}

  get blocked(): boolean {
    return this.#blocked;
  }

  take(bytes: number): void {
    this.#heldBytes += bytes;
    if (this.#heldBytes >= this.limitBytes) this.#blocked = true;
  }

  giveBack(bytes: number): void {
    this.#heldBytes -= bytes;
    if (!this.#blocked || this.#heldBytes > this.limitBytes / 2) return;
    this.#blocked = false;
    this.wake();
  }
}
