import {
  LongCounter,
  StreamExecutionEnvironment,
  ValueStateDescriptor,
  type Collector,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  type OnTimerContext,
  type RichFilterFunction,
  type RuntimeContext,
  type ValueState,
} from 'flink-ts';
import type { KeyedEvent } from '../generators/keyed-events.js';
import { jobOptions } from './job-options.js';
import { LastRecordSink } from './last-record-sink.js';
import { eventsInOrder, timedEvents } from './timed-events.js';

type Remembered = [key: number, time: number, sum: number];

/** Count and sum of each key, given out and forgotten at the next full second of event time. */
class Remember implements KeyedProcessFunction<number, KeyedEvent, Remembered> {
  #kept!: ValueState<[count: number, sum: number]>;

  open(context: RuntimeContext): void {
    this.#kept = context.getState(new ValueStateDescriptor<[number, number]>('st'));
  }

  processElement(event: KeyedEvent, context: KeyedProcessContext<number>): void {
    let kept = this.#kept.value();
    if (kept === undefined) {
      kept = [0, 0];
      context.timerService.registerEventTimeTimer(Math.floor(event.ts / 1000) * 1000 + 1000);
    }
    kept[0]++;
    kept[1] += event.value;
    this.#kept.update(kept);
  }

  onTimer(time: number, context: OnTimerContext<number>, out: Collector<Remembered>): void {
    out.collect([context.currentKey, time, this.#kept.value()?.[1] ?? 0]);
    this.#kept.clear();
  }
}

/* A keyed process function with state and timers. */
const { events, keys, check } = jobOptions();
const env = StreamExecutionEnvironment.getExecutionEnvironment();
const remembered = timedEvents(env, { events, keys })
  .keyBy((event) => event.key)
  .process(new Remember());
/** Adds up the sums: when a timer fires among the records hangs on watermarks, but every value is in some sum in the end. */
class AddUp implements RichFilterFunction<Remembered> {
  readonly #total = new LongCounter();

  open(context: RuntimeContext): void {
    context.addAccumulator('total', this.#total);
  }

  filter([, , sum]: Remembered): boolean {
    this.#total.add(sum);
    return true;
  }
}

(check ? remembered.filter(new AddUp()) : remembered).sinkTo(new LastRecordSink());

const result = await env.execute('process');
if (check) expectTotal();

function expectTotal(): void {
  let expected = 0;
  for (const { value } of eventsInOrder({ events, keys })) expected += value;
  const { total } = result.accumulators;
  if (total !== expected) throw new Error(`the sums add up to ${String(total)}, not to ${expected}`);
  process.stdout.write(`Result is right: the sums add up to ${expected}\n`);
}
