import {
  LongCounter,
  StreamExecutionEnvironment,
  ValueStateDescriptor,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  type RuntimeContext,
  type ValueState,
} from 'flink-ts';
import { keyedEvents, type KeyedEvent } from '../generators/keyed-events.js';
import { jobOptions } from './job-options.js';
import { LastRecordSink } from './last-record-sink.js';

/* Reads and writes the 1,000 bytes of a random key for each event. */
const VALUE_BYTES = 1000;

/** Counts in the first four bytes of a key's value; the others hang on the key alone. */
class ChangeLargeValue implements KeyedProcessFunction<number, KeyedEvent, number> {
  readonly #changes = new LongCounter();
  #value!: ValueState<Uint8Array>;

  open(context: RuntimeContext): void {
    this.#value = context.getState(new ValueStateDescriptor<Uint8Array>('blob'));
    context.addAccumulator('changes', this.#changes);
  }

  processElement(_event: KeyedEvent, context: KeyedProcessContext<number>): void {
    const bytes = this.#value.value() ?? valueOf(context.currentKey);
    const changes = new DataView(bytes.buffer, bytes.byteOffset);
    const count = changes.getUint32(0, true) + 1;
    changes.setUint32(0, count, true);
    this.#changes.add(bytes[VALUE_BYTES - 1] === lastByteOf(context.currentKey) ? 1 : 0);
    this.#value.update(bytes);
  }
}

function lastByteOf(key: number): number {
  return (key + VALUE_BYTES - 1) & 0xff;
}

function valueOf(key: number): Uint8Array {
  const bytes = new Uint8Array(VALUE_BYTES);
  for (let index = 4; index < VALUE_BYTES; index++) bytes[index] = key + index;
  return bytes;
}

const { events, keys, check } = jobOptions();
const env = StreamExecutionEnvironment.getExecutionEnvironment();
const eventAt = keyedEvents({ events, keys, parallelism: env.getParallelism() });
env
  .dataGenerator(eventAt, events)
  .keyBy((event) => event.key)
  .process(new ChangeLargeValue())
  .sinkTo(new LastRecordSink());

const { accumulators } = await env.execute('large values');
if (check) {
  const { changes } = accumulators;
  if (changes !== events) throw new Error(`${String(changes)} of ${events} events found the value of their key whole`);
  process.stdout.write(`Result is right: ${events} events found the value of their key whole\n`);
}
