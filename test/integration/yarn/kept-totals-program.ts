/** How many records {@link KEPT_TOTALS} reads. */
export const RECORDS = 20_000;

/**
 * Adds up twenty keys into a directory, and how many records it has read into an accumulator. Arguments: the directory, records a second,
 * and `counts` for one operator more.
 */
export const KEPT_TOTALS = `import {
  type Collector, ExternalizedCheckpointCleanup, IntCounter, type KeyedProcessContext, type KeyedProcessFunction, type RuntimeContext,
  StreamExecutionEnvironment, type ValueState, ValueStateDescriptor,
} from 'flink-ts';

const [out, rate, more] = process.argv.slice(2);
interface Event { key: number; number: number }
class Totals implements KeyedProcessFunction<number, Event, string> {
  #total!: ValueState<{ count: number; sum: number }>;
  readonly #read = new IntCounter();
  open(context: RuntimeContext) {
    this.#total = context.getState(new ValueStateDescriptor<{ count: number; sum: number }>('total'));
    context.addAccumulator('read', this.#read);
  }
  processElement({ number }: Event, context: KeyedProcessContext<number>, lines: Collector<string>) {
    this.#read.add(1);
    const { count, sum } = this.#total.value() ?? { count: 0, sum: 0 };
    this.#total.update({ count: count + 1, sum: sum + number });
    if (count + 1 === 1000) lines.collect(context.currentKey + ' ' + (sum + number));
  }
}
class Counts implements KeyedProcessFunction<number, Event, string> {
  #count!: ValueState<number>;
  open(context: RuntimeContext) {
    this.#count = context.getState(new ValueStateDescriptor<number>('count'));
  }
  processElement(_: Event, context: KeyedProcessContext<number>, lines: Collector<string>) {
    const count = (this.#count.value() ?? 0) + 1;
    this.#count.update(count);
    if (count === 1000) lines.collect(context.currentKey + ' ' + count);
  }
}
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.setMaxParallelism(128);
env.enableCheckpointing(300);
env.getCheckpointConfig().enableExternalizedCheckpoints(ExternalizedCheckpointCleanup.RETAIN_ON_CANCELLATION);
const events = env
  .dataGenerator((index): Event => ({ key: index % 20, number: index }), ${RECORDS}, { ratePerSecond: Number(rate) })
  .uid('source')
  .keyBy('key');
events.process(new Totals()).uid('totals').writeAsText(out + '/totals').uid('lines of totals');
if (more === 'counts') events.process(new Counts()).uid('counts').writeAsText(out + '/counts').uid('lines of counts');
await env.execute('kept totals');
`;

/** What it has written at its end. */
export const TOTALS: readonly string[] = Array.from({ length: 20 }, (_, key) => `${key} ${9_990_000 + 1000 * key}`).sort();
export const COUNTS: readonly string[] = Array.from({ length: 20 }, (_, key) => `${key} 1000`).sort();
