/* Programs of the tests, as a user writes them. */

export const HELLO = `import { StreamExecutionEnvironment } from 'flink-ts';
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.fromElements('to', 'be', 'or', 'not', 'to', 'be')
  .map((word): [string, number] => [word, 1])
  .keyBy(0)
  .sum(1)
  .print();
await env.execute('hello');
`;

export const ENDLESS = `import { StreamExecutionEnvironment } from 'flink-ts';
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.dataGenerator((index) => index, undefined, { ratePerSecond: 1000 })
  .rebalance()
  .map((value) => value * 2)
  .filter((value) => value < 0)
  .print();
await env.execute('endless');
`;

export const FAILING = `import { StreamExecutionEnvironment } from 'flink-ts';

interface Reading {
  value: number;
}
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.fromElements(1, 2, 3)
  .map((value) => {
    const reading: Reading = { value };
    if (reading.value === 2) throw new RangeError('value ' + reading.value + ' is out of range');
    return reading.value;
  })
  .print();
await env.execute('failing');
`;

/**
 * Windows and keyed state into files that are written exactly once; as `<key> <count> <sum>` and `<key> <n-th of its key> <number>`. With
 * the argument `apart` they read sources of their own, in slots of their own.
 */
export const EXACTLY_ONCE = `import {
  type AggregateFunction, BasePathBucketAssigner, type Collector, FileSink, type KeyedProcessContext, type KeyedProcessFunction,
  RestartStrategies, type RuntimeContext, SimpleStringEncoder, StreamExecutionEnvironment, TumblingEventTimeWindows,
  type ValueState, ValueStateDescriptor, WatermarkStrategy,
} from 'flink-ts';

const [out, total, rate, microsecondsEach, checkpointMs = '250', apart = ''] = process.argv.slice(2);
interface Event { key: number; number: number }
interface Sum { key: number; count: number; sum: number }

const summing: AggregateFunction<Event, Sum, string> = {
  createAccumulator: () => ({ key: 0, count: 0, sum: 0 }),
  add: ({ key, number }, { count, sum }) => ({ key, count: count + 1, sum: sum + number }),
  getResult: ({ key, count, sum }) => key + ' ' + count + ' ' + sum,
  merge: (a, b) => ({ key: a.key, count: a.count + b.count, sum: a.sum + b.sum }),
};

class Numbering implements KeyedProcessFunction<number, Event, string> {
  #seen!: ValueState<number>;
  open(context: RuntimeContext) {
    this.#seen = context.getState(new ValueStateDescriptor<number>('seen'));
  }
  processElement({ key, number }: Event, _context: KeyedProcessContext<number>, collector: Collector<string>) {
    for (const end = performance.now() + Number(microsecondsEach) / 1000; performance.now() < end;);
    const seen = (this.#seen.value() ?? 0) + 1;
    this.#seen.update(seen);
    collector.collect(key + ' ' + seen + ' ' + number);
  }
}

const lines = (name: string) =>
  FileSink.forRowFormat(out + '/' + name, new SimpleStringEncoder<string>()).withBucketAssigner(new BasePathBucketAssigner()).build();

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(Number(checkpointMs));
env.getConfig().setRestartStrategy(RestartStrategies.fixedDelayRestart(1_000_000, 50));
const eventsIn = (group: string) => env
  .dataGenerator((index): Event => ({ key: (index * 7919) % 97, number: index }), Number(total), { ratePerSecond: Number(rate) })
  .slotSharingGroup(group)
  .assignTimestampsAndWatermarks(WatermarkStrategy.forMonotonousTimestamps<Event>().withTimestampAssigner(({ number }) => number));
const events = eventsIn('default');
const others = apart === 'apart' ? eventsIn('others') : events;
events.keyBy('key').window(TumblingEventTimeWindows.of(1000)).aggregate(summing).sinkTo(lines('windows'));
others.keyBy('key').process(new Numbering()).sinkTo(lines('numbers'));
await env.execute('exactly once');
`;

/** Adds up twenty keys, and prints each total once it is whole. */
export const TOTALS = `import {
  type Collector, type KeyedProcessContext, type KeyedProcessFunction, type RuntimeContext, StreamExecutionEnvironment, type ValueState,
  ValueStateDescriptor,
} from 'flink-ts';

interface Event { key: number; number: number }
class Totals implements KeyedProcessFunction<number, Event, string> {
  #total!: ValueState<{ count: number; sum: number }>;
  open(context: RuntimeContext) {
    this.#total = context.getState(new ValueStateDescriptor<{ count: number; sum: number }>('total'));
  }
  processElement({ number }: Event, context: KeyedProcessContext<number>, out: Collector<string>) {
    const { count, sum } = this.#total.value() ?? { count: 0, sum: 0 };
    this.#total.update({ count: count + 1, sum: sum + number });
    if (count + 1 === 1000) out.collect('total ' + context.currentKey + ' ' + (sum + number));
  }
}
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.setMaxParallelism(128);
env
  .dataGenerator((index): Event => ({ key: index % 20, number: index }), 20_000, { ratePerSecond: Number(process.argv[2]) })
  .uid('source')
  .keyBy('key')
  .process(new Totals())
  .uid('totals')
  .print();
await env.execute('totals');
`;

/** One source ends early, the other goes on; both into files that are written exactly once. */
export const ONE_ENDS = `import {
  BasePathBucketAssigner, FileSink, IntCounter, RestartStrategies, type RuntimeContext, SimpleStringEncoder,
  StreamExecutionEnvironment,
} from 'flink-ts';

const [out, total, rate] = process.argv.slice(2);
class Counting {
  readonly #read = new IntCounter();
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  open(context: RuntimeContext) {
    context.addAccumulator(this.name, this.#read);
  }
  map(value: number): string {
    this.#read.add(1);
    return this.name + ' ' + value;
  }
}
const lines = (name: string) =>
  FileSink.forRowFormat(out + '/' + name, new SimpleStringEncoder<string>()).withBucketAssigner(new BasePathBucketAssigner()).build();

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(250);
env.getConfig().setRestartStrategy(RestartStrategies.fixedDelayRestart(1_000_000, 50));
const few = env.fromSequence(1, 1000).name('few').map(new Counting('few'));
const many = env.dataGenerator((index) => index, Number(total), { ratePerSecond: Number(rate) }).name('many').map(new Counting('many'));
few.sinkTo(lines('few'));
few.union(many).rebalance().sinkTo(lines('all'));
many.rebalance().writeAsText(out + '/plain');
await env.execute('one ends');
`;

/** Adds up twenty keys while checkpoints are made, and does one thing wrong, as its first argument says. */
export const CLUMSY = `import { renameSync, writeFileSync } from 'node:fs';
import {
  type Collector, type KeyedProcessContext, type KeyedProcessFunction, type RuntimeContext, StreamExecutionEnvironment, Types,
  type ValueState, ValueStateDescriptor,
} from 'flink-ts';

const [fault, checkpoints = ''] = process.argv.slice(2);
interface Event { key: number; number: number }
class Totals implements KeyedProcessFunction<number, Event, string> {
  #total!: ValueState<unknown>;
  #count!: ValueState<number>;
  #any!: ValueState<unknown>;
  open(context: RuntimeContext) {
    this.#total = context.getState(new ValueStateDescriptor<unknown>('total', fault === 'type' ? Types.string : Types.double));
    this.#count = context.getState(new ValueStateDescriptor<number>('count', Types.double));
    this.#any = context.getState(new ValueStateDescriptor<unknown>('any'));
  }
  processElement({ number }: Event, context: KeyedProcessContext<number>, out: Collector<string>) {
    const count = (this.#count.value() ?? 0) + 1;
    const total = Number(this.#total.value() ?? 0) + number;
    this.#count.update(count);
    this.#total.update(total);
    if (fault === 'value' && number >= 2000) this.#any.update(() => total);
    if (count === 200) out.collect('total ' + context.currentKey + ' ' + total);
  }
}
class Faulty {
  #number = 0;
  map(event: Event): Event {
    this.#number = event.number;
    if (event.number !== 2000) return event;
    if (fault === 'fail') throw new Error('the 2000th is too much');
    if (fault === 'unwritable') {
      renameSync(checkpoints, checkpoints + '.good');
      writeFileSync(checkpoints, '');
    }
    return event;
  }
  snapshotState() {
    if (fault === 'snapshot' && this.#number >= 2000) throw new Error('no snapshot of this');
  }
  initializeState() {}
}
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(100);
env.setMaxParallelism(fault === 'maximum' ? 256 : 128);
env
  .dataGenerator((index): Event => ({ key: index % 20, number: index }), 4000, { ratePerSecond: 1500 })
  .uid('source')
  .map(new Faulty())
  .uid('faulty')
  .keyBy('key')
  .process(new Totals())
  .uid(fault === 'operator' ? 'other' : 'totals')
  .print();
await env.execute('clumsy');
`;
