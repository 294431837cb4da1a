import { FlinkError, type JobId, type Logger } from '#core';
import type {
  Accumulator,
  AggregatingState,
  AggregatingStateDescriptor,
  ListState,
  ListStateDescriptor,
  MapState,
  MapStateDescriptor,
  ReducingState,
  ReducingStateDescriptor,
  RuntimeContext,
  ValueState,
  ValueStateDescriptor,
} from '#api';
import type { KeyedStateBackend } from '../state/keyed-state-backend.js';

/** A function asked for keyed state whose stream is not keyed. */
export class KeyedStateUnavailableError extends FlinkError {
  constructor(
    readonly operator: string,
    readonly state: string,
  ) {
    super({
      code: 'KEYED_STATE_UNAVAILABLE',
      message:
        `Keyed state can only be used on a 'keyed stream', i.e., after a 'keyBy()' operation: ` +
        `"${operator}" asked for state "${state}"`,
      action: 'Put "keyBy" before the operator.',
      blame: 'user',
    });
  }
}

/** An accumulator's name is taken, or nobody registered it. */
export class AccumulatorNameError extends FlinkError {
  constructor(
    readonly accumulator: string,
    what: 'is registered already' | 'is not registered',
  ) {
    super({
      code: 'ACCUMULATOR_NAME',
      message: `accumulator "${accumulator}" ${what}`,
      action: 'Register each accumulator once, in "open", under a name of its own.',
      blame: 'user',
    });
  }
}

export interface TaskPlace {
  readonly jobId: JobId;
  readonly jobName: string;
  readonly subtaskIndex: number;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly attemptNumber: number;
  readonly logger: Logger;
  readonly globalJobParameters: Readonly<Record<string, string>>;
}

/** The runtime context of one operator of a subtask; the accumulators are the subtask's. */
export class OperatorContext implements RuntimeContext {
  readonly jobId: JobId;
  readonly jobName: string;
  readonly subtaskIndex: number;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly attemptNumber: number;
  readonly logger: Logger;
  readonly globalJobParameters: Readonly<Record<string, string>>;

  constructor(
    readonly taskName: string,
    place: TaskPlace,
    private readonly accumulators: Map<string, Accumulator<unknown, unknown>>,
    /** Makes the backend when it is first asked for; undefined where the stream is not keyed. */
    private readonly keyed: (() => KeyedStateBackend) | undefined = undefined,
  ) {
    this.jobId = place.jobId;
    this.jobName = place.jobName;
    this.subtaskIndex = place.subtaskIndex;
    this.parallelism = place.parallelism;
    this.maxParallelism = place.maxParallelism;
    this.attemptNumber = place.attemptNumber;
    this.logger = place.logger;
    this.globalJobParameters = place.globalJobParameters;
  }

  get taskNameWithSubtasks(): string {
    return `${this.taskName} (${this.subtaskIndex + 1}/${this.parallelism})`;
  }

  addAccumulator<V, R>(name: string, accumulator: Accumulator<V, R>): void {
    if (this.accumulators.has(name)) throw new AccumulatorNameError(name, 'is registered already');
    this.accumulators.set(name, accumulator);
  }

  getAccumulator<V, R>(name: string): Accumulator<V, R> {
    const accumulator = this.accumulators.get(name);
    if (accumulator === undefined) throw new AccumulatorNameError(name, 'is not registered');
    return accumulator as Accumulator<V, R>;
  }

  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    return this.#keyed(descriptor).valueState(descriptor);
  }

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#keyed(descriptor).listState(descriptor);
  }

  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V> {
    return this.#keyed(descriptor).mapState(descriptor);
  }

  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    return this.#keyed(descriptor).reducingState(descriptor);
  }

  getAggregatingState<I, A, O>(descriptor: AggregatingStateDescriptor<I, A, O>): AggregatingState<I, O> {
    return this.#keyed(descriptor).aggregatingState(descriptor);
  }

  #keyed({ name }: { readonly name: string }): KeyedStateBackend {
    if (this.keyed === undefined) throw new KeyedStateUnavailableError(this.taskName, name);
    return this.keyed();
  }
}
