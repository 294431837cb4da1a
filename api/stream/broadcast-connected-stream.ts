import type { BroadcastProcessFunction, KeyedBroadcastProcessFunction } from '../functions/broadcast-process.js';
import type { StreamInput } from '../graph/operation.js';
import type { SingleOutputStreamOperator } from './single-output-stream-operator.js';
import type { BroadcastStream } from './broadcast-stream.js';
import type { StreamProgram } from './stream-program.js';

/** A stream together with a broadcast one. */
export class BroadcastConnectedStream<A, B> {
  declare protected readonly recordTypes: readonly [A, B];

  constructor(
    private readonly program: StreamProgram,
    private readonly first: readonly StreamInput[],
    private readonly broadcast: BroadcastStream<B>,
  ) {}

  /** On a keyed stream the function may use state and timers of the key. */
  process<O>(fn: BroadcastProcessFunction<A, B, O>): SingleOutputStreamOperator<O>;
  process<K, O>(fn: KeyedBroadcastProcessFunction<K, A, B, O>): SingleOutputStreamOperator<O>;
  process<O>(fn: AnyBroadcastFunction): SingleOutputStreamOperator<O> {
    const keyed = this.first.every(({ partitioning }) => partitioning?.kind === 'hash');
    const name = keyed ? 'Co-Process-Broadcast-Keyed' : 'Co-Process-Broadcast';
    const states = this.broadcast.states.map((descriptor) => descriptor.name);
    const inputs = [this.first, this.broadcast.inputs];
    return this.program.operator(this.program.add({ kind: 'broadcastProcess', process: fn, states }, name, inputs));
  }
}

type AnyBroadcastFunction =
  BroadcastProcessFunction<unknown, unknown, unknown> | KeyedBroadcastProcessFunction<unknown, unknown, unknown, unknown>;
