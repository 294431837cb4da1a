import { NO_TIMESTAMP } from '#core';
import { StreamExecutionEnvironment, type DataStream, type KeyedStream, type KeySelector, type Source, type StreamGraph } from '#api';
import { type HarnessOptions, harnessParts, OperatorHarness } from './operator-harness.js';

/** Stands for the inputs of an operator under test; never read. */
const NOTHING: Source<never> = {
  boundedness: 'unbounded',
  parallel: true,
  createReader: () => ({ poll: () => 'end' }),
};

/**
 * Drives one operator with one input.
 *
 * @example
 * const harness = await OneInputHarness.of((words: DataStream<string>) => words.map((word) => word.length));
 * harness.push('to be', 0);
 * harness.takeValues(); // [5]
 */
export class OneInputHarness<I, O> extends OperatorHarness<O> {
  /** Throws `HarnessError` (user) when `operator` makes more or less than one operator. */
  static async of<I, O>(operator: (input: DataStream<I>) => DataStream<O>, options: HarnessOptions = {}): Promise<OneInputHarness<I, O>> {
    return new OneInputHarness<I, O>(
      await harnessParts(
        graphOf(([input]) => operator(input as DataStream<I>)),
        options,
      ),
    );
  }

  /** @param timestamp ms since 1970 UTC. */
  push(value: I, timestamp: number = NO_TIMESTAMP): void {
    this.pushTo(0, value, timestamp);
  }
}

/**
 * Drives one operator on a keyed stream. Records are taken as if their keys were those of the subtask.
 *
 * @example
 * const harness = await KeyedOneInputHarness.of((word: string) => word, (words) => words.process(new CountPerMinute()));
 * harness.push('be', 1000);
 * harness.processWatermark(61_000);
 */
export class KeyedOneInputHarness<I, O> extends OperatorHarness<O> {
  static async of<I, K, O>(
    key: KeySelector<I, K>,
    operator: (input: KeyedStream<I, K>) => DataStream<O>,
    options: HarnessOptions = {},
  ): Promise<KeyedOneInputHarness<I, O>> {
    return new KeyedOneInputHarness<I, O>(
      await harnessParts(
        graphOf(([input]) => operator((input as DataStream<I>).keyBy(key))),
        options,
      ),
    );
  }

  /** @param timestamp ms since 1970 UTC. */
  push(value: I, timestamp: number = NO_TIMESTAMP): void {
    this.pushTo(0, value, timestamp);
  }
}

/** Drives one operator with two inputs, keyed, broadcast or neither, as `operator` makes them. */
export class TwoInputHarness<A, B, O> extends OperatorHarness<O> {
  static async of<A, B, O>(
    operator: (first: DataStream<A>, second: DataStream<B>) => DataStream<O>,
    options: HarnessOptions = {},
  ): Promise<TwoInputHarness<A, B, O>> {
    const graph = graphOf(([first, second]) => operator(first as DataStream<A>, second as DataStream<B>));
    return new TwoInputHarness<A, B, O>(await harnessParts(graph, options));
  }

  push1(value: A, timestamp: number = NO_TIMESTAMP): void {
    this.pushTo(0, value, timestamp);
  }

  push2(value: B, timestamp: number = NO_TIMESTAMP): void {
    this.pushTo(1, value, timestamp);
  }
}

function graphOf<O>(operator: (inputs: readonly DataStream<unknown>[]) => DataStream<O>): StreamGraph {
  const env = StreamExecutionEnvironment.createLocalEnvironment(1);
  const inputs = [1, 2].map((number) => env.fromSource(NOTHING as Source<unknown>, `Input ${number}`));
  operator(inputs).addSink(() => undefined);
  return env.getStreamGraph();
}
