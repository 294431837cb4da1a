import type { Clock } from '#core';
import { CollectBuffer } from './collect-buffer.js';
import type { Regions } from './deployments.js';

/** The collect sinks of a job, by their ids. One may be asked for before it has sent anything. */
export class Collectors {
  readonly #buffers = new Map<string, CollectBuffer>();
  #ended = false;

  constructor(
    private readonly limitBytes: number,
    private readonly clock: Clock,
  ) {}

  get(id: string): CollectBuffer {
    let buffer = this.#buffers.get(id);
    if (!buffer) {
      buffer = new CollectBuffer(this.limitBytes, this.clock);
      if (this.#ended) buffer.end();
      this.#buffers.set(id, buffer);
    }
    return buffer;
  }

  restart(): void {
    for (const buffer of this.#buffers.values()) buffer.restart();
  }

  /** Regions begin again. */
  restartRegions(regions: Regions): void {
    for (const buffer of this.#buffers.values()) buffer.restartRegions(regions);
  }

  end(): void {
    this.#ended = true;
    for (const buffer of this.#buffers.values()) buffer.end();
  }
}
