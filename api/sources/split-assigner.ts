import type { FileSplit } from './file-split.js';

/**
 * Splits that are left, given out so that readers read what lies on their own machine where there is a choice. Without hosts that is the
 * order in which they came.
 */
export class SplitAssigner {
  /** What is left, in order. */
  readonly #left: Set<FileSplit>;
  /** By host of readers: its splits in order; some may be gone. */
  readonly #local = new Map<string, FileSplit[]>();
  /** Nobody reads these locally, in order. */
  readonly #foreign: FileSplit[] = [];

  /** @param readerHosts machines with at least one reader; nothing is local to others */
  constructor(splits: readonly FileSplit[], readerHosts: readonly string[]) {
    this.#left = new Set(splits);
    for (const host of readerHosts) this.#local.set(host.toLowerCase(), []);
    for (const split of splits) this.#file(split);
  }

  get left(): readonly FileSplit[] {
    return [...this.#left];
  }

  /** A split for a reader on that host; undefined when there are none left. */
  next(host: string | undefined): FileSplit | undefined {
    const own = host === undefined ? undefined : this.#local.get(host.toLowerCase());
    const split = this.#first(own) ?? this.#first(this.#foreign) ?? this.#last(this.#longest());
    if (split !== undefined) this.#left.delete(split);
    return split;
  }

  #file(split: FileSplit): void {
    const queues = (split.hosts ?? []).map((host) => this.#local.get(host.toLowerCase())).filter((queue) => queue !== undefined);
    for (const queue of new Set(queues)) queue.push(split);
    if (queues.length === 0) this.#foreign.push(split);
  }

  #first(queue: FileSplit[] | undefined): FileSplit | undefined {
    while (queue?.[0] !== undefined && !this.#left.has(queue[0])) queue.shift();
    return queue?.[0];
  }

  /** Its own readers come to this one last. */
  #last(queue: FileSplit[] | undefined): FileSplit | undefined {
    for (let last = queue?.at(-1); last !== undefined && !this.#left.has(last); last = queue?.at(-1)) queue?.pop();
    return queue?.at(-1);
  }

  /** Where the readers are the furthest from their end. */
  #longest(): FileSplit[] | undefined {
    let longest: FileSplit[] | undefined;
    for (const queue of this.#local.values()) {
      this.#first(queue);
      if (queue.length > (longest?.length ?? 0)) longest = queue;
    }
    return longest;
  }
}
