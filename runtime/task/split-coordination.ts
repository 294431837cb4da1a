import { invariant, type Logger, type VertexId } from '#core';
import type { Source, Split, SplitEnumerator } from '#api';
import { decodePlain, encodePlain } from '../plan/plain-values.js';
import type { AlignedCheckpoint } from './barrier-alignment.js';
import type { OperatorEvent } from './deployment.js';

interface SourcePlace {
  readonly vertexId: VertexId;
  readonly nodeId: number;
  readonly parallelism: number;
  /** Readers that have read all they were given: they ask for nothing. */
  readonly finished: readonly number[];
  /** By subtask: the machine it runs on, as far as that is known. */
  readonly hosts: readonly (string | undefined)[];
}

/**
 * Runs the enumerator of a source, beside its subtask 0, and answers the readers' requests.
 *
 * A checkpoint of the source begins here: the enumerator's state is noted, and then every reader is told on the way that its splits come
 * by. So each
 * split is either still with the enumerator or with a reader that had it before its own state is taken, and never lost between the two.
 */
export class EnumeratorHost {
  readonly #enumerator: SplitEnumerator;
  readonly #fail: (error: unknown) => void;
  /** What came before the splits were found. */
  readonly #early: (() => void)[] = [];
  #started = false;
  readonly #unfinished: Set<number>;
  /** The checkpoint with which the job is to end. */
  #stop: number | undefined;
  readonly #send: (event: OperatorEvent) => void;
  readonly #place: SourcePlace;
  /** By checkpoint, until subtask 0 takes it along. */
  readonly #snapshots = new Map<number, readonly unknown[]>();

  constructor(
    source: Source<unknown>,
    place: SourcePlace,
    send: (event: OperatorEvent) => void,
    context: {
      readonly logger: Logger;
      readonly signal: AbortSignal;
      readonly fail: (error: unknown) => void;
      readonly restored: readonly unknown[] | undefined;
    },
  ) {
    this.#send = send;
    this.#place = place;
    const address = { vertexId: place.vertexId, nodeId: place.nodeId, from: 0 };
    invariant(source.createEnumerator !== undefined, 'only sources with an enumerator have one hosted');
    this.#fail = context.fail;
    this.#unfinished = new Set(Array.from({ length: place.parallelism }, (_, subtaskIndex) => subtaskIndex));
    for (const subtaskIndex of place.finished) this.#unfinished.delete(subtaskIndex);
    const enumeratorContext = {
      parallelism: place.parallelism,
      logger: context.logger,
      signal: context.signal,
      hostOf: (subtaskIndex: number) => place.hosts[subtaskIndex],
      assign: (to: number, splits: readonly Split[]) => {
        send({ ...address, to, kind: 'assignSplits', payload: encodePlain(splits) });
      },
      noMoreSplits: (to: number) => {
        this.#unfinished.delete(to);
        send({ ...address, to, kind: 'noMoreSplits' });
      },
      fail: context.fail,
    };
    this.#enumerator = source.createEnumerator(enumeratorContext, context.restored);
  }

  /** Begins the checkpoint of the source. */
  checkpoint(checkpoint: AlignedCheckpoint): void {
    this.#whenStarted(() => {
      this.#checkpoint(checkpoint);
    });
  }

  #checkpoint(checkpoint: AlignedCheckpoint): void {
    const { checkpointId } = checkpoint;
    if (checkpoint.options.stop !== undefined) this.#stop = checkpointId;
    for (const earlier of this.#snapshots.keys()) if (earlier < checkpointId) this.#snapshots.delete(earlier);
    this.#snapshots.set(checkpointId, this.#enumerator.snapshot?.() ?? []);
    const { vertexId, nodeId, parallelism } = this.#place;
    const payload = encodePlain([checkpoint]);
    for (let to = 0; to < parallelism; to++) this.#send({ vertexId, nodeId, from: 0, to, kind: 'checkpoint', payload });
  }

  /** What the enumerator had when the checkpoint began. */
  snapshotFor(checkpointId: number): readonly unknown[] | undefined {
    return this.#snapshots.get(checkpointId);
  }

  /** When it was the one with which the job ends, nobody asks any more. */
  checkpointCompleted(checkpointId: number): void {
    if (checkpointId === this.#stop) this.#unfinished.clear();
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
    for (const handle of this.#early.splice(0)) handle();
  }

  /** Every reader was told that no more splits come: nobody will ask again. */
  get done(): boolean {
    return this.#unfinished.size === 0;
  }

  handle(event: OperatorEvent): void {
    this.#whenStarted(() => {
      this.#handleRequest(event.from);
    });
  }

  #whenStarted(handle: () => void): void {
    if (this.#started) handle();
    else this.#early.push(handle);
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

/** The checkpoint of a `checkpoint` event. */
export function checkpointOf(event: OperatorEvent): AlignedCheckpoint {
  const [checkpoint] = decodePlain(event.payload ?? new Uint8Array()) as readonly AlignedCheckpoint[];
  invariant(checkpoint !== undefined, 'an event for a checkpoint holds one');
  return checkpoint;
}
