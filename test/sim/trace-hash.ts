/** Sums up what has happened in a simulation, so that two runs can be compared. FNV-1a, 32 bits. */
export class TraceHash {
  #hash = 0x811c9dc5;
  /** The last lines, for whoever looks for what went wrong. */
  readonly #last: string[] = [];

  add(line: string): void {
    let hash = this.#hash;
    for (let index = 0; index < line.length; index++) hash = Math.imul(hash ^ line.charCodeAt(index), 0x01000193);
    this.#hash = Math.imul(hash ^ 10, 0x01000193);
    this.#last.push(line);
    if (this.#last.length > KEPT_LINES * 2) this.#last.splice(0, KEPT_LINES);
  }

  get value(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }

  get lastLines(): readonly string[] {
    return this.#last.slice(-KEPT_LINES);
  }
}

const KEPT_LINES = 40;
