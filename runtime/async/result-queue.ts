import type { AsyncRequest } from './async-request.js';

/** Requests and watermarks in the order they came, until they may go on. */
export interface ResultQueue {
  /** Requests in it. */
  readonly size: number;
  readonly empty: boolean;
  /** Whether `take` has something. */
  readonly ready: boolean;
  put(request: AsyncRequest): void;
  putWatermark(watermark: number): void;
  /** The request has got its results. */
  completed(request: AsyncRequest): void;
  /** What goes on next: a request with results, or a watermark. */
  take(): AsyncRequest | number | undefined;
  requests(): Iterable<AsyncRequest>;
}

/** Results go on in the order of their records. */
export class OrderedQueue implements ResultQueue {
  readonly #elements: (AsyncRequest | number)[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get empty(): boolean {
    return this.#elements.length === 0;
  }

  get ready(): boolean {
    const [first] = this.#elements;
    return typeof first === 'number' || first?.done === true;
  }

  put(request: AsyncRequest): void {
    this.#size++;
    this.#elements.push(request);
  }

  putWatermark(watermark: number): void {
    this.#elements.push(watermark);
  }

  completed(_request: AsyncRequest): void {
    // its place in the queue says when it goes on
  }

  take(): AsyncRequest | number | undefined {
    if (!this.ready) return undefined;
    const first = this.#elements.shift();
    if (typeof first !== 'number') this.#size--;
    return first;
  }

  *requests(): Iterable<AsyncRequest> {
    for (const element of this.#elements) if (typeof element !== 'number') yield element;
  }
}

/** The requests between two watermarks. */
interface Segment {
  readonly waiting: Set<AsyncRequest>;
  readonly complete: AsyncRequest[];
  /** What comes behind them. */
  watermark: number | undefined;
}

/** Results go on as they come, but watermarks are not overtaken, and overtake nothing. */
export class UnorderedQueue implements ResultQueue {
  readonly #segments: Segment[] = [newSegment()];
  readonly #segmentOf = new Map<AsyncRequest, Segment>();

  get size(): number {
    return this.#segmentOf.size;
  }

  get empty(): boolean {
    return this.size === 0 && this.#segments.length === 1;
  }

  get ready(): boolean {
    const [first] = this.#segments;
    return first !== undefined && (first.complete.length > 0 || (first.waiting.size === 0 && first.watermark !== undefined));
  }

  put(request: AsyncRequest): void {
    const last = this.#segments.at(-1)!;
    last.waiting.add(request);
    this.#segmentOf.set(request, last);
  }

  putWatermark(watermark: number): void {
    this.#segments.at(-1)!.watermark = watermark;
    this.#segments.push(newSegment());
  }

  completed(request: AsyncRequest): void {
    const segment = this.#segmentOf.get(request)!;
    segment.waiting.delete(request);
    segment.complete.push(request);
  }

  take(): AsyncRequest | number | undefined {
    if (!this.ready) return undefined;
    const first = this.#segments[0]!;
    const request = first.complete.shift();
    if (request === undefined) {
      this.#segments.shift();
      return first.watermark;
    }
    this.#segmentOf.delete(request);
    return request;
  }

  requests(): Iterable<AsyncRequest> {
    return this.#segmentOf.keys();
  }
}

function newSegment(): Segment {
  return { waiting: new Set(), complete: [], watermark: undefined };
}
