import { invariant, type Logger, type VertexId } from '#core';
import type { Source, Split, SplitEnumerator } from '#api';
import { decodePlain, encodePlain } from '../plan/plain-values.js';
import type { OperatorEvent } from './deployment.js';

interface SourcePlace {
  readonly vertexId: VertexId;
  readonly nodeId: number;
  readonly parallelism: number;
}

/** Runs the enumerator of a source, beside its subtask 0, and answers the readers' requests. */
export class EnumeratorHost {
  readonly #enumerator: SplitEnumerator;
  readonly #fail: (error: unknown) => void;
  readonly #early: number[] = [];
  #started = false;
  readonly #unfinished: Set<number>;

  constructor(
    source: Source<unknown>,
    place: SourcePlace,
    send: (event: OperatorEvent) => void,
    context: { readonly logger: Logger; readonly signal: AbortSignal; readonly fail: (error: unknown) => void },
  ) {
    const address = { vertexId: place.vertexId, nodeId: place.nodeId, from: 0 };
    invariant(source.createEnumerator !== undefined, 'only sources with an enumerator have one hosted');
    this.#fail = context.fail;
    this.#unfinished = new Set(Array.from({ length: place.parallelism }, (_, subtaskIndex) => subtaskIndex));
    this.#enumerator = source.createEnumerator({
      parallelism: place.parallelism,
      logger: context.logger,
      signal: context.signal,
      assign: (to, splits) => {
        send({ ...address, to, kind: 'assignSplits', payload: encodePlain(splits) });
      },
      noMoreSplits: (to) => {
        this.#unfinished.delete(to);
        send({ ...address, to, kind: 'noMoreSplits' });
      },
      fail: context.fail,
    });
  }

  /** Requests that come before the splits are found wait for them. Errors go to the context's `fail`. */
  async start(): Promise<void> {
    try {
      await this.#enumerator.start();
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#started = true;
    for (const subtaskIndex of this.#early.splice(0)) this.#handleRequest(subtaskIndex);
  }

  /** Every reader was told that no more splits come: nobody will ask again. */
  get done(): boolean {
    return this.#unfinished.size === 0;
  }

  handle(event: OperatorEvent): void {
    if (this.#started) this.#handleRequest(event.from);
    else this.#early.push(event.from);
  }

  #handleRequest(subtaskIndex: number): void {
    try {
      this.#enumerator.handleRequest(subtaskIndex);
    } catch (error) {
      this.#fail(error);
    }
  }

  async close(): Promise<void> {
    await this.#enumerator.close?.();
  }
}

/** The splits of an `assignSplits` event. */
export function splitsOf(event: OperatorEvent): readonly Split[] {
  return event.payload === undefined ? [] : (decodePlain(event.payload) as readonly Split[]);
}
