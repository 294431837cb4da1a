import { invariant, MIN_WATERMARK, NO_TIMESTAMP } from '#core';
import {
  InvalidProgramError,
  type AggregatingStateDescriptor,
  type BroadcastContext,
  type BroadcastProcessFunction,
  type BroadcastState,
  type Collector,
  type KeyedBroadcastContext,
  type KeyedBroadcastOnTimerContext,
  type KeyedBroadcastProcessFunction,
  type KeyedReadOnlyBroadcastContext,
  type KeySpec,
  type ListStateDescriptor,
  type MapStateDescriptor,
  type OutputTag,
  type ReadOnlyBroadcastContext,
  type ReducingStateDescriptor,
  type ValueStateDescriptor,
} from '#api';
import type { StageOutput, TwoInputOperator } from '../chain/stage.js';
import type { StageCheckpoints } from '../chain/stage-checkpoints.js';
import type { StageTime } from '../chain/stage-time.js';
import type { KeyedStateBackend } from '../state/keyed-state-backend.js';
import { BroadcastStates } from './broadcast-states.js';
import { KeyedEmission, TimerFiring } from './keyed-process.js';
import type { OperatorHost } from './operator-host.js';

/** The broadcast states that were named when the stream was broadcast; no others may be asked for. */
class NamedBroadcastStates {
  readonly #names: ReadonlySet<string>;

  constructor(
    readonly states: BroadcastStates,
    names: readonly string[],
  ) {
    this.#names = new Set(names);
  }

  get<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V> {
    if (this.#names.has(descriptor.name)) return this.states.get(descriptor);
    throw new InvalidProgramError(
      `The requested state does not exist. Check for typos in your state descriptor, or specify the state descriptor in the` +
        ` datastream.broadcast(...) call if you forgot to register it: "${descriptor.name}"`,
      'Name the state when you broadcast the stream.',
    );
  }
}

/** Keeps the broadcast states in checkpoints. */
function checkpointsOf(states: BroadcastStates): StageCheckpoints {
  return {
    snapshotsBesideRecords: false,
    needsFinalCheckpoint: false,
    snapshot: () => {
      states.save();
    },
    completed: () => undefined,
    aborted: () => undefined,
    finish: () => Promise.resolve([]),
  };
}

/** The collector and context of the operator, filled in anew for each record. */
class BroadcastEmission implements Collector<unknown>, BroadcastContext, ReadOnlyBroadcastContext {
  timestamp = NO_TIMESTAMP;
  currentWatermark = MIN_WATERMARK;
  #output: StageOutput | undefined;

  constructor(
    private readonly host: OperatorHost,
    private readonly states: NamedBroadcastStates,
  ) {}

  begin(timestamp: number, output: StageOutput): this {
    this.timestamp = timestamp;
    this.#output = output;
    return this;
  }

  get currentProcessingTime(): number {
    return this.host.clock.now();
  }

  collect(value: unknown): void {
    this.#output?.emit(value, this.timestamp);
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.#output?.emitTo(tag.id, value, this.timestamp);
  }

  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V> {
    return this.states.get(descriptor);
  }
}

/** Two inputs, the second of which reaches every subtask and may change the broadcast state. */
export class BroadcastProcessOperator implements TwoInputOperator {
  readonly time: StageTime;
  readonly checkpoints: StageCheckpoints;
  readonly #emission: BroadcastEmission;

  constructor(
    host: OperatorHost,
    private readonly fn: BroadcastProcessFunction<unknown, unknown, unknown>,
    names: readonly string[],
  ) {
    const states = BroadcastStates.of(host.operatorState);
    const emission = new BroadcastEmission(host, new NamedBroadcastStates(states, names));
    this.#emission = emission;
    this.checkpoints = checkpointsOf(states);
    this.time = {
      passesWatermarks: true,
      nextProcessingTimeMs: Infinity,
      onProcessingTime: () => undefined,
      advance: (watermark) => {
        emission.currentWatermark = watermark;
        return undefined;
      },
    };
  }

  process1(value: unknown, timestamp: number, output: StageOutput): void {
    const emission = this.#emission.begin(timestamp, output);
    this.fn.processElement(value, emission, emission);
  }

  process2(value: unknown, timestamp: number, output: StageOutput): void {
    const emission = this.#emission.begin(timestamp, output);
    this.fn.processBroadcastElement(value, emission, emission);
  }
}

/** As that of keyed process functions, with the broadcast state to read. */
class KeyedReadOnlyEmission extends KeyedEmission implements KeyedReadOnlyBroadcastContext<unknown>, KeyedBroadcastOnTimerContext<unknown> {
  constructor(
    host: OperatorHost,
    private readonly named: NamedBroadcastStates,
  ) {
    super(host);
  }

  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V> {
    return this.named.get(descriptor);
  }
}

type AnyDescriptor =
  | ValueStateDescriptor<unknown>
  | ListStateDescriptor<unknown>
  | MapStateDescriptor<unknown, unknown>
  | ReducingStateDescriptor<unknown>
  | AggregatingStateDescriptor<unknown, unknown, unknown>;

class KeyedBroadcastEmission extends BroadcastEmission implements KeyedBroadcastContext {
  constructor(
    host: OperatorHost,
    named: NamedBroadcastStates,
    private readonly keyed: KeyedStateBackend,
  ) {
    super(host, named);
  }

  applyToKeyedState(descriptor: unknown, apply: (key: unknown, state: never) => void): void {
    const state = stateOf(this.keyed, descriptor as AnyDescriptor);
    const { name } = descriptor as AnyDescriptor;
    invariant(this.keyed.keysOf !== undefined, 'the state backend can tell the keys of a state');
    for (const key of this.keyed.keysOf(name)) apply(key, state as never);
  }
}

function stateOf(keyed: KeyedStateBackend, descriptor: AnyDescriptor): unknown {
  switch (descriptor.kind) {
    case 'value':
      return keyed.valueState(descriptor);
    case 'list':
      return keyed.listState(descriptor);
    case 'map':
      return keyed.mapState(descriptor);
    case 'reducing':
      return keyed.reducingState(descriptor);
    case 'aggregating':
      return keyed.aggregatingState(descriptor);
  }
}

/** As {@link BroadcastProcessOperator}; the first input is keyed and has state and timers. */
export class KeyedBroadcastProcessOperator implements TwoInputOperator {
  readonly time: StageTime;
  readonly checkpoints: StageCheckpoints;
  readonly #keyed: KeyedStateBackend;
  readonly #emission: KeyedReadOnlyEmission;
  readonly #broadcast: KeyedBroadcastEmission;

  constructor(
    host: OperatorHost,
    private readonly key: KeySpec,
    private readonly fn: KeyedBroadcastProcessFunction<unknown, unknown, unknown, unknown>,
    names: readonly string[],
  ) {
    const states = BroadcastStates.of(host.operatorState);
    const named = new NamedBroadcastStates(states, names);
    const emission = new KeyedReadOnlyEmission(host, named);
    const broadcast = new KeyedBroadcastEmission(host, named, host.keyed);
    this.#keyed = host.keyed;
    this.#emission = emission;
    this.#broadcast = broadcast;
    this.checkpoints = checkpointsOf(states);
    const firing = new TimerFiring(
      emission,
      (timestamp, _context, out) => {
        fn.onTimer?.(timestamp, emission, out);
      },
      host.gate,
    );
    this.time = {
      passesWatermarks: true,
      get nextProcessingTimeMs() {
        return firing.nextProcessingTimeMs;
      },
      onProcessingTime: (nowMs, output) => firing.onProcessingTime(nowMs, output),
      advance: (watermark, output) => {
        broadcast.currentWatermark = watermark;
        return firing.advance(watermark, output);
      },
    };
  }

  process1(value: unknown, timestamp: number, output: StageOutput): void {
    this.#keyed.setCurrentKey(this.key.select(value));
    const emission = this.#emission.begin(timestamp, output);
    this.fn.processElement(value, emission, emission);
  }

  process2(value: unknown, timestamp: number, output: StageOutput): void {
    const emission = this.#broadcast.begin(timestamp, output);
    this.fn.processBroadcastElement(value, emission, emission);
  }
}
