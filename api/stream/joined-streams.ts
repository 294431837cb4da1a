import type { Collector, KeySelector, Synchronous } from '../functions/functions.js';
import type { CoElement } from '../graph/window-spec.js';
import type { FlatJoinFunction, JoinFunction } from '../windowing/join-functions.js';
import type { WindowAssigner } from '../windowing/window-assigner.js';
import type { Window } from '../windowing/windows.js';
import { CoWindowedStreams } from './co-windowed-streams.js';
import type { CoWindows, CoWindowFunction } from './co-windows.js';
import type { Field, FieldValue } from './field-path.js';
import type { SingleOutputStreamOperator } from './single-output-stream-operator.js';
import { WindowOperation } from './window-operation.js';

/**
 * Two streams to be joined in windows.
 * @example
 * const windows = TumblingEventTimeWindows.of('5 min');
 * orders.join(payments).where('id').equalTo('orderId').window(windows).apply((order, payment) => [order, payment]);
 */
export class JoinedStreams<A, B> {
  declare protected readonly types: readonly [A, B];
  readonly #streams: CoWindows;

  /** Made by `DataStream.join`. */
  constructor(streams: CoWindows) {
    this.#streams = streams;
  }

  /** The key of the first stream's records. */
  where<K>(selector: KeySelector<A, K>): JoinKey<A, B, K>;
  where<const F extends Field<A>>(field: F): JoinKey<A, B, FieldValue<A, F>>;
  where(by: unknown): JoinKey<A, B, unknown> {
    this.#streams.setFirstKey(by);
    return new JoinKey<A, B, unknown>(this.#streams);
  }
}

/** A join that lacks the key of its second stream. */
export class JoinKey<A, B, K> {
  declare protected readonly types: readonly [A, B, K];
  readonly #streams: CoWindows;

  constructor(streams: CoWindows) {
    this.#streams = streams;
  }

  /** The key of the second stream's records. */
  equalTo(selector: KeySelector<B, K>): JoinWindows<A, B>;
  equalTo<const F extends Field<B>>(field: FieldValue<B, F> extends K ? F : never): JoinWindows<A, B>;
  equalTo(by: unknown): JoinWindows<A, B> {
    this.#streams.setSecondKey(by);
    return new JoinWindows<A, B>(this.#streams);
  }
}

/** A join that lacks its windows. */
export class JoinWindows<A, B> {
  declare protected readonly types: readonly [A, B];
  readonly #streams: CoWindows;

  constructor(streams: CoWindows) {
    this.#streams = streams;
  }

  window<W extends Window>(assigner: WindowAssigner<CoElement<A, B>, W>): WindowedJoin<A, B, W> {
    return new WindowedJoin<A, B, W>(this.#streams, new WindowOperation(assigner as unknown as WindowAssigner<unknown, Window>));
  }
}

/** A join whose windows are known. */
export class WindowedJoin<A, B, W extends Window> extends CoWindowedStreams<A, B, W> {
  /**
   * Hands each pair of records with the same key and window to a function: one that answers the result, or one that takes a third
   * argument, through which it emits any number.
   */
  apply<O>(join: JoinFunction<A, B, O> | ((first: A, second: B) => Synchronous<O>)): SingleOutputStreamOperator<O>;
  apply<O>(join: FlatJoinFunction<A, B, O> | ((first: A, second: B, out: Collector<O>) => void)): SingleOutputStreamOperator<O>;
  apply<O>(join: JoinFunction<A, B, O> | FlatJoinFunction<A, B, O> | PairFunction): SingleOutputStreamOperator<O> {
    const call: PairFunction = typeof join === 'function' ? join : join.join.bind(join);
    const arity = typeof join === 'function' ? join.length : join.join.length;
    const apply = arity > 2 ? eachPair(call) : eachResult(call);
    return this.streams.add(this.windows, `Join(${this.windows.name})`, apply, typeof join === 'function' ? undefined : join);
  }
}

type PairFunction = (first: never, second: never, out: Collector<never>) => unknown;

function eachResult(call: PairFunction): CoWindowFunction {
  return (first, second, out) => {
    for (const a of first) for (const b of second) out.collect(call(a as never, b as never, out));
  };
}

function eachPair(call: PairFunction): CoWindowFunction {
  return (first, second, out) => {
    for (const a of first) for (const b of second) call(a as never, b as never, out);
  };
}
