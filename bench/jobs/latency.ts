import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  StreamExecutionEnvironment,
  ValueStateDescriptor,
  type PollStatus,
  type RichMapFunction,
  type RuntimeContext,
  type Source,
  type SourceOutput,
  type SourceReader,
  type SourceReaderContext,
  type ValueState,
} from 'flink-ts';
import { mix, scale } from '../generators/mixed-numbers.js';
import { LastRecordSink } from './last-record-sink.js';
import { LatencyHistogram } from './latency-histogram.js';

/* From when an event is due at its source to when it has come through one keyed exchange and a state: a histogram of each subtask. */
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '750000' },
    rate: { type: 'string', default: '50000' },
    keys: { type: 'string', default: '100000' },
    'buffer-timeout': { type: 'string', default: '5' },
    out: { type: 'string' },
  },
});
const EVENTS = Number(values.events);
const KEYS = Number(values.keys);
/** What a subtask does at first is not counted. */
const WARM_UP_MS = 5000;

interface DueEvent {
  readonly key: number;
  /** On the clock of all threads of the machine, ms. */
  readonly dueMs: number;
}

/** The same in all threads: their `performance.timeOrigin` are milliseconds apart. */
function nowMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** Emits each event when it is due, and looks again at once when none is: it takes the whole of a core. */
class PacedReader implements SourceReader<DueEvent> {
  readonly #count: number;
  readonly #everyMs: number;
  readonly #first: number;
  #emitted = 0;
  #startMs = 0;

  constructor({ subtaskIndex, parallelism }: SourceReaderContext) {
    this.#count = Math.floor(EVENTS / parallelism);
    this.#first = this.#count * subtaskIndex;
    this.#everyMs = (1000 * parallelism) / Number(values.rate);
  }

  poll(output: SourceOutput<DueEvent>, maxRecords: number): PollStatus {
    if (this.#startMs === 0) this.#startMs = nowMs();
    for (let left = maxRecords; left > 0 && !output.blocked && this.#emitted < this.#count; left--) {
      const dueMs = this.#startMs + this.#emitted * this.#everyMs;
      if (nowMs() < dueMs) return 'more';
      output.emit({ key: scale(mix(this.#first + this.#emitted++), KEYS), dueMs });
    }
    return this.#emitted < this.#count ? 'more' : 'end';
  }
}

class PacedSource implements Source<DueEvent> {
  readonly boundedness = 'bounded';
  readonly parallel = true;

  createReader(context: SourceReaderContext): SourceReader<DueEvent> {
    return new PacedReader(context);
  }
}

/** Counts the events of each key. */
class CountPerKey implements RichMapFunction<DueEvent, DueEvent> {
  #count!: ValueState<number>;

  open(context: RuntimeContext): void {
    this.#count = context.getState(new ValueStateDescriptor<number>('n'));
  }

  map(event: DueEvent): DueEvent {
    this.#count.update((this.#count.value() ?? 0) + 1);
    return event;
  }
}

/** Notes how late each event is. */
class Measure implements RichMapFunction<DueEvent, DueEvent> {
  readonly #histogram = new LatencyHistogram();
  #startMs = 0;
  #subtask = 0;

  open(context: RuntimeContext): void {
    this.#subtask = context.subtaskIndex;
  }

  map(event: DueEvent): DueEvent {
    const now = nowMs();
    if (this.#startMs === 0) this.#startMs = now;
    if (now - this.#startMs > WARM_UP_MS) this.#histogram.add(now - event.dueMs);
    return event;
  }

  close(): void {
    if (values.out === undefined || this.#histogram.count === 0) return;
    mkdirSync(values.out, { recursive: true });
    writeFileSync(join(values.out, `${this.#subtask}.json`), JSON.stringify(this.#histogram.summary()));
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.setBufferTimeout(Number(values['buffer-timeout']));
env
  .fromSource(new PacedSource(), 'paced')
  .keyBy((event) => event.key)
  .map(new CountPerKey())
  .map(new Measure())
  .sinkTo(new LastRecordSink());
await env.execute('latency');
