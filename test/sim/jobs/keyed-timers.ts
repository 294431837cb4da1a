import {
  type DataStream,
  type KeyedProcessFunction,
  MapStateDescriptor,
  type MapState,
  type RuntimeContext,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from '#api';
import { Types } from '#core';
import { differences } from '../compare.js';
import type { Faults } from '../faults.js';
import { expectedWindows } from './event-windows.js';
import { type JobChoices, rateOf, type SimJob, sinkOf } from './sim-job.js';
import { timedRecord, type Timed } from './timed-records.js';

const BUCKET_MS = 100;

/** A keyed process function that counts by hand what windows count, with map state and timers: each timer fires once. */
export function keyedTimers(choices: JobChoices): SimJob {
  const { records, keys, parallelism } = choices;
  return {
    main: async () => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      sinkOf(countsOf(env, choices), choices);
      await env.execute('keyed timers');
    },
    check: (lines) => differences(expectedWindows(records, keys, parallelism, 1), lines),
  };
}

export function countsOf(env: StreamExecutionEnvironment, choices: JobChoices): DataStream<string> {
  const { records, keys, parallelism } = choices;
  return env
    .dataGenerator((index) => timedRecord(0, index, keys, Math.ceil(records / parallelism)), records, rateOf(choices))
    .assignTimestampsAndWatermarks(WatermarkStrategy.forBoundedOutOfOrderness<Timed>(60).withTimestampAssigner(({ time }) => time))
    .keyBy('key')
    .process(new CountingFunction(choices.faults));
}

class CountingFunction implements KeyedProcessFunction<string, Timed, string> {
  #counts!: MapState<number, number>;
  #sums!: MapState<number, number>;

  constructor(private readonly faults: Faults) {}

  open(context: RuntimeContext): void {
    this.#counts = context.getMapState(new MapStateDescriptor('counts', Types.long, Types.long));
    this.#sums = context.getMapState(new MapStateDescriptor('sums', Types.long, Types.long));
  }

  processElement(
    { time, value }: Timed,
    { timerService }: Parameters<KeyedProcessFunction<string, Timed, string>['processElement']>[1],
  ): void {
    this.faults.mayThrow();
    const bucket = Math.floor(time / BUCKET_MS) * BUCKET_MS;
    this.#counts.put(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    this.#sums.put(bucket, (this.#sums.get(bucket) ?? 0) + value);
    timerService.registerEventTimeTimer(bucket + BUCKET_MS - 1);
    // deletes nothing: so that timers of both clocks are restored
    timerService.registerProcessingTimeTimer(timerService.currentProcessingTime + 30);
  }

  onTimer(
    timestamp: number,
    { timeDomain, currentKey }: Parameters<NonNullable<KeyedProcessFunction<string, Timed, string>['onTimer']>>[1],
    out: { collect(value: string): void },
  ): void {
    if (timeDomain === 'PROCESSING_TIME') return;
    const bucket = timestamp + 1 - BUCKET_MS;
    out.collect(`${currentKey},${bucket},${this.#counts.get(bucket) ?? 0},${this.#sums.get(bucket) ?? 0}`);
    this.#counts.remove(bucket);
    this.#sums.remove(bucket);
  }
}
