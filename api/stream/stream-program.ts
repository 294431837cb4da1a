import type { OperationInputs, Operation, StreamInput } from '../graph/operation.js';
import type { KeySpec, OperatorSpec } from '../graph/stream-graph.js';
import type { Duration } from '../time/duration.js';
import type { StreamExecutionEnvironment } from '../environment/stream-execution-environment.js';
import type { ConnectedStreams } from './connected-streams.js';
import type { DataStream } from './data-stream.js';
import type { DataStreamSink } from './data-stream-sink.js';
import type { IterativeStream } from './iterative-stream.js';
import type { KeyedStream } from './keyed-stream.js';
import type { SingleOutputStreamOperator } from './single-output-stream-operator.js';

/**
 * The program a stream belongs to: takes its operations and makes the streams that come out of them. Streams know each
 * other only through it.
 */
export interface StreamProgram {
  readonly environment: StreamExecutionEnvironment;
  /** Adds an operation with the environment's parallelism to the next job. */
  add(spec: OperatorSpec, name: string, inputs: OperationInputs): Operation;
  stream<T>(inputs: readonly StreamInput[]): DataStream<T>;
  operator<T>(operation: Operation): SingleOutputStreamOperator<T>;
  keyed<T, K>(inputs: readonly StreamInput[], key: KeySpec): KeyedStream<T, K>;
  connected<A, B>(first: readonly StreamInput[], second: readonly StreamInput[]): ConnectedStreams<A, B>;
  /** The head of a loop over the streams. */
  iterative<T>(inputs: readonly StreamInput[], maxWait: Duration): IterativeStream<T>;
  sink<T>(operation: Operation): DataStreamSink<T>;
}
