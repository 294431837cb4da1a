import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  StreamExecutionEnvironment,
  Types,
  ValueStateDescriptor,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  type RuntimeContext,
  type ValueState,
} from 'flink-ts';
import { mix, scale } from '../generators/mixed-numbers.js';
import { LastRecordSink } from './last-record-sink.js';
import { PauseHistogram } from './pause-histogram.js';

/*
 * Records of about 100 bytes in keyed state: all are made first, then some are changed, at random, at a steady rate; and the gaps between
 * these.
 */
const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '10000000' },
    rate: { type: 'string', default: '20000' },
    out: { type: 'string' },
  },
});
const KEYS = Number(values.keys);
/** All is made when no record to make came for so long. */
const QUIET_MS = 5000;
const ENDLESS = Number.MAX_SAFE_INTEGER;

interface Change {
  readonly key: number;
  readonly make: boolean;
}

const RECORD = Types.object({ id: Types.long, ts: Types.long, amount: Types.double, name: Types.string });

class KeepRecords implements KeyedProcessFunction<number, Change, number> {
  readonly #pauses = new PauseHistogram();
  #state!: ValueState<{ id: number; ts: number; amount: number; name: string }>;
  #subtask = 0;
  #lastMakeMs = 0;
  #lastMs = 0;

  open(context: RuntimeContext): void {
    this.#subtask = context.subtaskIndex;
    this.#state = context.getState(new ValueStateDescriptor('record', RECORD));
  }

  processElement({ make }: Change, context: KeyedProcessContext<number>): void {
    const now = performance.now();
    if (make) this.#lastMakeMs = now;
    else if (now - this.#lastMakeMs > QUIET_MS) this.#note(now);
    const key = context.currentKey;
    const before = this.#state.value();
    const name = before?.name ?? `the name of the customer with number ${key} and what is said of it`;
    this.#state.update({ id: key, ts: 1_700_000_000_000 + key, amount: (before?.amount ?? 0) + 1, name });
  }

  close(): void {
    if (values.out === undefined) return;
    mkdirSync(values.out, { recursive: true });
    writeFileSync(join(values.out, `${this.#subtask}.json`), JSON.stringify(this.#pauses.summary()));
  }

  #note(now: number): void {
    if (this.#lastMs !== 0) this.#pauses.add(now - this.#lastMs);
    this.#lastMs = now;
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
// else records would wait for a full buffer, or 100 ms
env.setBufferTimeout(1);
const makes = env.dataGenerator((index): Change => ({ key: index, make: true }), KEYS);
const changes = env.dataGenerator((index): Change => ({ key: scale(mix(index), KEYS), make: false }), ENDLESS, {
  ratePerSecond: Number(values.rate),
});
makes
  .union(changes)
  .keyBy(({ key }) => key)
  .process(new KeepRecords())
  .sinkTo(new LastRecordSink());
await env.execute('large state');
