import { MIN_WATERMARK, NO_TIMESTAMP } from '#core';
import type {
  Collector,
  KeyedCoProcessFunction,
  KeyedProcessFunction,
  KeySpec,
  OnTimerContext,
  OutputTag,
  TimeDomain,
  TimerService,
} from '#api';
import type { EmitCursor, ProcessingOperator, StageOutput, TwoInputOperator } from '../chain/stage.js';
import type { StageTime } from '../chain/stage-time.js';
import type { KeyedStateBackend, TimerTable } from '../state/keyed-state-backend.js';
import { KeyBatch } from './key-batch.js';
import type { OperatorHost } from './operator-host.js';

/** What a keyed process function may call: its user-facing context and collector in one, filled in anew for each record and timer. */
export class KeyedEmission implements Collector<unknown>, OnTimerContext<unknown>, TimerService {
  timestamp = NO_TIMESTAMP;
  timeDomain: TimeDomain = 'EVENT_TIME';
  currentWatermark = MIN_WATERMARK;
  readonly eventTimers: TimerTable;
  readonly processingTimers: TimerTable;
  readonly #state: KeyedStateBackend;
  readonly #host: OperatorHost;
  #output: StageOutput | undefined;
  #outputTimestamp = NO_TIMESTAMP;

  constructor(host: OperatorHost) {
    this.#host = host;
    this.#state = host.keyed;
    this.eventTimers = host.keyed.timers('event-time timers');
    this.processingTimers = host.keyed.timers('processing-time timers');
  }

  /** For a record, or a timer of event time. */
  begin(timestamp: number, output: StageOutput): this {
    this.timestamp = timestamp;
    this.#outputTimestamp = timestamp;
    this.#output = output;
    return this;
  }

  /** For a timer of processing time: what it emits has no timestamp. */
  beginTimer(domain: TimeDomain, time: number, output: StageOutput): this {
    this.timeDomain = domain;
    this.begin(time, output);
    if (domain === 'PROCESSING_TIME') this.#outputTimestamp = NO_TIMESTAMP;
    return this;
  }

  get currentKey(): unknown {
    return this.#state.currentKey;
  }

  get timerService(): TimerService {
    return this;
  }

  get currentProcessingTime(): number {
    return this.#host.clock.now();
  }

  collect(value: unknown): void {
    this.#output?.emit(value, this.#outputTimestamp);
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.#output?.emitTo(tag.id, value, this.#outputTimestamp);
  }

  registerEventTimeTimer(time: number): void {
    this.eventTimers.register(time);
  }

  registerProcessingTimeTimer(time: number): void {
    this.processingTimers.register(time);
  }

  deleteEventTimeTimer(time: number): void {
    this.eventTimers.delete(time);
  }

  deleteProcessingTimeTimer(time: number): void {
    this.processingTimers.delete(time);
  }
}

/** What is called for a timer that is due; its key is the current one. */
export type OnTimer = (timestamp: number, context: OnTimerContext<unknown>, out: Collector<unknown>) => void;

/**
 * Fires the timers of an operator. In the order of their times; a timer that is registered by another and is due already fires in the
 * same turn.
 */
export class TimerFiring implements StageTime {
  readonly passesWatermarks = true;

  constructor(
    private readonly emission: KeyedEmission,
    private readonly onTimer: OnTimer | undefined,
    private readonly gate: { readonly blocked: boolean },
  ) {}

  get nextProcessingTimeMs(): number {
    return this.emission.processingTimers.nextTime;
  }

  advance(watermark: number, output: StageOutput): EmitCursor | undefined {
    this.emission.currentWatermark = watermark;
    if (this.emission.eventTimers.nextTime > watermark) return undefined;
    return this.#firing('EVENT_TIME', this.emission.eventTimers, watermark, output);
  }

  onProcessingTime(nowMs: number, output: StageOutput): EmitCursor | undefined {
    return this.#firing('PROCESSING_TIME', this.emission.processingTimers, nowMs, output);
  }

  #firing(domain: TimeDomain, timers: TimerTable, until: number, output: StageOutput): EmitCursor {
    const { emission, gate, onTimer } = this;
    return () => {
      while (!gate.blocked) {
        const time = timers.takeDue(until);
        if (time === undefined) return true;
        onTimer?.(time, emission.beginTimer(domain, time, output), emission);
      }
      return false;
    };
  }
}

/**
 * Hands the records of each key to a function with state and timers.
 *
 * In:    keyed records.
 * Out:   what the function emits, with the timestamp of the record or of the event-time timer at hand.
 * State: that of the function, and its timers.
 */
export class KeyedProcessOperator implements ProcessingOperator {
  readonly time: StageTime;
  readonly #batch: KeyBatch;
  readonly #emission: KeyedEmission;
  readonly #state: KeyedStateBackend;
  readonly #select: KeySpec['select'];
  readonly #function: KeyedProcessFunction<unknown, unknown, unknown>;

  constructor(host: OperatorHost, key: KeySpec, fn: KeyedProcessFunction<unknown, unknown, unknown>) {
    this.#emission = new KeyedEmission(host);
    this.#state = host.keyed;
    this.#select = key.select;
    this.#batch = new KeyBatch(key);
    this.#function = fn;
    this.time = new TimerFiring(this.#emission, fn.onTimer?.bind(fn), host.gate);
  }

  prefetch(records: readonly unknown[], count: number): boolean {
    const state = this.#state;
    if (state.prefetch === undefined || !this.#batch.take(records, count)) return false;
    state.prefetch(this.#batch.keys, count);
    return true;
  }

  process(value: unknown, timestamp: number, output: StageOutput): void {
    this.#state.setCurrentKey(this.#select(value));
    const emission = this.#emission.begin(timestamp, output);
    this.#function.processElement(value, emission, emission);
  }
}

/** Hands the records of each key of two streams to a function with state and timers that both share. */
export class KeyedCoProcessOperator implements TwoInputOperator {
  readonly time: StageTime;
  readonly #emission: KeyedEmission;
  readonly #state: KeyedStateBackend;
  readonly #keys: readonly [KeySpec, KeySpec];
  readonly #function: KeyedCoProcessFunction<unknown, unknown, unknown, unknown>;

  constructor(host: OperatorHost, keys: readonly [KeySpec, KeySpec], fn: KeyedCoProcessFunction<unknown, unknown, unknown, unknown>) {
    this.#emission = new KeyedEmission(host);
    this.#state = host.keyed;
    this.#keys = keys;
    this.#function = fn;
    this.time = new TimerFiring(this.#emission, fn.onTimer?.bind(fn), host.gate);
  }

  process1(value: unknown, timestamp: number, output: StageOutput): void {
    this.#state.setCurrentKey(this.#keys[0].select(value));
    const emission = this.#emission.begin(timestamp, output);
    this.#function.processElement1(value, emission, emission);
  }

  process2(value: unknown, timestamp: number, output: StageOutput): void {
    this.#state.setCurrentKey(this.#keys[1].select(value));
    const emission = this.#emission.begin(timestamp, output);
    this.#function.processElement2(value, emission, emission);
  }
}
