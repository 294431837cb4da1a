import type { KeySelector } from '../functions/functions.js';
import type { CoElement } from '../graph/window-spec.js';
import type { CoGroupFunction } from '../windowing/join-functions.js';
import type { WindowAssigner } from '../windowing/window-assigner.js';
import type { Window } from '../windowing/windows.js';
import { CoWindowedStreams } from './co-windowed-streams.js';
import type { CoWindows, CoWindowFunction } from './co-windows.js';
import type { Field, FieldValue } from './field-path.js';
import type { SingleOutputStreamOperator } from './single-output-stream-operator.js';
import { WindowOperation } from './window-operation.js';

/** Two streams whose records are to be brought together by key and window. */
export class CoGroupedStreams<A, B> {
  declare protected readonly types: readonly [A, B];
  readonly #streams: CoWindows;

  /** Made by `DataStream.coGroup`. */
  constructor(streams: CoWindows) {
    this.#streams = streams;
  }

  /** The key of the first stream's records. */
  where<K>(selector: KeySelector<A, K>): CoGroupKey<A, B, K>;
  where<const F extends Field<A>>(field: F): CoGroupKey<A, B, FieldValue<A, F>>;
  where(by: unknown): CoGroupKey<A, B, unknown> {
    this.#streams.setFirstKey(by);
    return new CoGroupKey<A, B, unknown>(this.#streams);
  }
}

/** A co-group that lacks the key of its second stream. */
export class CoGroupKey<A, B, K> {
  declare protected readonly types: readonly [A, B, K];
  readonly #streams: CoWindows;

  constructor(streams: CoWindows) {
    this.#streams = streams;
  }

  /** The key of the second stream's records. */
  equalTo(selector: KeySelector<B, K>): CoGroupWindows<A, B>;
  equalTo<const F extends Field<B>>(field: FieldValue<B, F> extends K ? F : never): CoGroupWindows<A, B>;
  equalTo(by: unknown): CoGroupWindows<A, B> {
    this.#streams.setSecondKey(by);
    return new CoGroupWindows<A, B>(this.#streams);
  }
}

/** A co-group that lacks its windows. */
export class CoGroupWindows<A, B> {
  declare protected readonly types: readonly [A, B];
  readonly #streams: CoWindows;

  constructor(streams: CoWindows) {
    this.#streams = streams;
  }

  window<W extends Window>(assigner: WindowAssigner<CoElement<A, B>, W>): WindowedCoGroup<A, B, W> {
    return new WindowedCoGroup<A, B, W>(this.#streams, new WindowOperation(assigner as unknown as WindowAssigner<unknown, Window>));
  }
}

/** A co-group whose windows are known. */
export class WindowedCoGroup<A, B, W extends Window> extends CoWindowedStreams<A, B, W> {
  /** Hands all records of a key and window to a function; it also sees those that have no partner. */
  apply<O>(coGroup: CoGroupFunction<A, B, O> | CoGroupFunction<A, B, O>['coGroup']): SingleOutputStreamOperator<O> {
    const call = (typeof coGroup === 'function' ? coGroup : coGroup.coGroup.bind(coGroup)) as CoWindowFunction;
    return this.streams.add(this.windows, `CoGroup(${this.windows.name})`, call, typeof coGroup === 'function' ? undefined : coGroup);
  }
}
