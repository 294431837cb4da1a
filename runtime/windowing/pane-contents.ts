import type { Evictor, TimestampedValue, Window } from '#api';
import type { Contents } from './contents.js';
import type { OperatorTime } from './operator-time.js';

/** What a pane keeps of its records, and how it gives out a result. */
export interface PaneContents {
  add(contents: unknown, value: unknown, timestamp: number): unknown;
  /** Either may be undefined. */
  merge(left: unknown, right: unknown): unknown;
  /** Gives out the result; answers the contents to keep. */
  fire(contents: unknown, window: Window, time: OperatorTime, emit: (result: unknown) => void): unknown;
}

/** One accumulator. */
export class AccumulatedContents implements PaneContents {
  constructor(private readonly contents: Contents) {}

  add(contents: unknown, value: unknown): unknown {
    return contents === undefined ? this.contents.first(value) : this.contents.add(contents, value);
  }

  merge(left: unknown, right: unknown): unknown {
    if (left === undefined || right === undefined) return left ?? right;
    return this.contents.merge?.(left, right);
  }

  fire(contents: unknown, _window: Window, _time: OperatorTime, emit: (result: unknown) => void): unknown {
    emit(this.contents.result(this.contents.copy(contents)));
    return contents;
  }
}

/** All records with their timestamps: an evictor may remove some whenever the window fires. */
export class EvictedContents implements PaneContents {
  constructor(
    private readonly contents: Contents,
    private readonly evictor: Evictor<unknown, Window>,
  ) {}

  add(contents: unknown, value: unknown, timestamp: number): unknown {
    const element: TimestampedValue<unknown> = { value, timestamp };
    return contents === undefined ? [element] : [...(contents as TimestampedValue<unknown>[]), element];
  }

  merge(left: unknown, right: unknown): unknown {
    if (left === undefined || right === undefined) return left ?? right;
    return [...(left as unknown[]), ...(right as unknown[])];
  }

  fire(contents: unknown, window: Window, time: OperatorTime, emit: (result: unknown) => void): unknown {
    const elements = [...(contents as TimestampedValue<unknown>[])];
    const context = { currentProcessingTime: time.processingTimeMs, currentWatermark: time.watermark };
    this.evictor.evictBefore(elements, elements.length, window, context);
    if (elements.length > 0) emit(this.#resultOf(elements));
    else if (this.contents.isList) emit([]);
    this.evictor.evictAfter(elements, elements.length, window, context);
    return elements.length === 0 ? undefined : elements;
  }

  #resultOf(elements: readonly TimestampedValue<unknown>[]): unknown {
    const { contents } = this;
    const [first, ...others] = elements;
    const accumulator = others.reduce((before: unknown, { value }) => contents.add(before, value), contents.first(first?.value));
    return contents.result(accumulator);
  }
}
