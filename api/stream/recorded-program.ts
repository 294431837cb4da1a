import type { StreamExecutionEnvironment } from '../environment/stream-execution-environment.js';
import type { Operation, OperationInputs, StreamInput } from '../graph/operation.js';
import type { KeySpec, OperatorSpec } from '../graph/stream-graph.js';
import type { Duration } from '../time/duration.js';
import { ConnectedStreams } from './connected-streams.js';
import { DataStreamSink } from './data-stream-sink.js';
import { DataStream } from './data-stream.js';
import { iterationHead, IterativeStream } from './iterative-stream.js';
import { KeyedStream } from './keyed-stream.js';
import { SingleOutputStreamOperator } from './single-output-stream-operator.js';
import type { StreamProgram } from './stream-program.js';

/** Records what a program builds, until the next job takes it. */
export class RecordedProgram implements StreamProgram {
  readonly environment: StreamExecutionEnvironment;
  #operations: Operation[] = [];
  #made = 0;

  constructor(environment: StreamExecutionEnvironment) {
    this.environment = environment;
  }

  /** The operators and sinks for the next job. Sources come with what reads them. */
  get operations(): readonly Operation[] {
    return this.#operations;
  }

  /** Starts the description of the next job. Streams made so far can still be used in it. */
  startNext(): void {
    this.#operations = [];
  }

  add(spec: OperatorSpec, name: string, inputs: OperationInputs): Operation {
    const nonParallel = spec.kind === 'source' && !spec.source.parallel;
    const operation: Operation = {
      position: ++this.#made,
      spec,
      inputs,
      name,
      uid: undefined,
      uidHash: undefined,
      parallelism: nonParallel ? 1 : this.environment.getParallelism(),
      maxParallelism: undefined,
      slotSharingGroup: undefined,
      chaining: 'always',
      bufferTimeoutMs: undefined,
      outputType: undefined,
      nonParallel,
      tails: [],
      head: undefined,
    };
    // A head comes with what reads it, too.
    if (spec.kind !== 'source' && spec.kind !== 'iterationHead') this.#operations.push(operation);
    return operation;
  }

  stream<T>(inputs: readonly StreamInput[]): DataStream<T> {
    return new DataStream<T>(this, inputs);
  }

  operator<T>(operation: Operation): SingleOutputStreamOperator<T> {
    return new SingleOutputStreamOperator<T>(this, operation);
  }

  keyed<T, K>(inputs: readonly StreamInput[], key: KeySpec): KeyedStream<T, K> {
    return new KeyedStream<T, K>(this, inputs, key);
  }

  connected<A, B>(first: readonly StreamInput[], second: readonly StreamInput[]): ConnectedStreams<A, B> {
    return new ConnectedStreams<A, B>(this, first, second);
  }

  iterative<T>(inputs: readonly StreamInput[], maxWait: Duration): IterativeStream<T> {
    return new IterativeStream<T>(this, ...iterationHead(this, inputs, maxWait));
  }

  sink<T>(operation: Operation): DataStreamSink<T> {
    return new DataStreamSink<T>(operation);
  }
}
