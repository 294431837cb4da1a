import {
  EventTimeSessionWindows,
  SlidingEventTimeWindows,
  StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  type StreamNode,
  type TimeWindow,
  type WindowAssigner,
} from '#api';
import { keyedEvents, type KeyedEvent } from './generators/keyed-events.js';
import { SUM_AND_COUNT, type SumAndCount } from './generators/sum-and-count.js';
import { testHost } from '../test/support/operator-host.js';
import type { StageOutput, ProcessingOperator, TwoInputOperator } from '../runtime/chain/stage.js';
import type { StageTime } from '../runtime/chain/stage-time.js';
import { windowingBody } from '../runtime/windowing/windowing-body.js';

/* CPU ns for each event of window operators alone, by kind: 100,000 keys, 100 events for each ms of event time. */

const EVENTS = 4_000_000;
const EVENTS_BETWEEN_WATERMARKS = 20_000;
const ROUNDS = 3;

type TimedOperator = (ProcessingOperator | TwoInputOperator) & { readonly time: StageTime };

class CountingOutput implements StageOutput {
  records = 0;
  values = 0;

  emit(value: unknown): void {
    this.records++;
    this.values += (value as SumAndCount)[1];
  }

  emitTo(): void {
    throw new Error('nothing is late');
  }
}

function nodeOf(kind: string, build: (env: StreamExecutionEnvironment) => void): StreamNode['spec'] {
  const env = StreamExecutionEnvironment.createLocalEnvironment(1);
  build(env);
  return env.getStreamGraph().nodes.find(({ spec }) => spec.kind === kind)!.spec;
}

function operatorOf(spec: StreamNode['spec']): TimedOperator {
  if (spec.kind !== 'window' && spec.kind !== 'intervalJoin') throw new TypeError('not a window');
  const body: unknown = windowingBody(spec, testHost('bench', { blocked: false }));
  return (body as { operator: TimedOperator }).operator;
}

const windowed =
  (assigner: WindowAssigner<unknown, TimeWindow>) =>
  (env: StreamExecutionEnvironment): void => {
    env
      .fromCollection<KeyedEvent>([])
      .keyBy((event) => event.key)
      .window(assigner)
      .aggregate(SUM_AND_COUNT);
  };

const joined = (env: StreamExecutionEnvironment): void => {
  const left = env.fromCollection<KeyedEvent>([]).keyBy((event) => event.key);
  const right = env.fromCollection<KeyedEvent>([]).keyBy((event) => event.key);
  left
    .intervalJoin(right)
    .between(-2000, 2000)
    .process<SumAndCount>((one, other, context, out) => {
      out.collect([one.key, one.value + other.value, context.timestamp]);
    });
};

/** What all windows together have to add up to: every event counts once for each window it is in. */
interface Bench {
  readonly kind: string;
  readonly build: (env: StreamExecutionEnvironment) => void;
  readonly timesCounted: number | undefined;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  'tumbling 10 s': { kind: 'window', build: windowed(TumblingEventTimeWindows.of('10 s')), timesCounted: 1 },
  'sliding 10 s / 2 s': { kind: 'window', build: windowed(SlidingEventTimeWindows.of('10 s', '2 s')), timesCounted: 5 },
  'sliding 60 s / 1 s': { kind: 'window', build: windowed(SlidingEventTimeWindows.of('60 s', '1 s')), timesCounted: 60 },
  'tumbling 1 s': { kind: 'window', build: windowed(TumblingEventTimeWindows.of('1 s')), timesCounted: 1 },
  'session gap 1 s': { kind: 'window', build: windowed(EventTimeSessionWindows.withGap('1 s')), timesCounted: 1 },
  'interval join ±2 s': { kind: 'intervalJoin', build: joined, timesCounted: undefined },
};

const ONE = keyedEvents({ events: EVENTS, keys: 100_000, parallelism: 1 });
const OTHER = keyedEvents({ events: EVENTS, keys: 100_000, parallelism: 1, salt: 2 });

function run({ kind, build }: Bench): { readonly cpuNs: number; readonly output: CountingOutput } {
  const operator = operatorOf(nodeOf(kind, build));
  const output = new CountingOutput();
  let usedUs = 0;
  const events: KeyedEvent[] = [];
  const sides = 'process' in operator ? 1 : 2;
  for (let index = 0; index < EVENTS; index += EVENTS_BETWEEN_WATERMARKS) {
    events.length = 0;
    for (let at = index / sides; at < (index + EVENTS_BETWEEN_WATERMARKS) / sides; at++) {
      events.push(ONE(at));
      if (sides === 2) events.push(OTHER(at));
    }
    const before = process.cpuUsage();
    feed(operator, events, output);
    runTo(operator, events.at(-1)!.ts - 1, output);
    const { user, system } = process.cpuUsage(before);
    usedUs += user + system;
  }
  const before = process.cpuUsage();
  runTo(operator, Infinity, output);
  const { user, system } = process.cpuUsage(before);
  return { cpuNs: ((usedUs + user + system) * 1000) / EVENTS, output };
}

function feed(operator: TimedOperator, events: readonly KeyedEvent[], output: StageOutput): void {
  if ('process' in operator) for (const event of events) operator.process(event, event.ts, output);
  else {
    for (let at = 0; at < events.length; at += 2) {
      operator.process1(events[at], events[at]!.ts, output);
      operator.process2(events[at + 1], events[at + 1]!.ts, output);
    }
  }
}

function runTo(operator: TimedOperator, watermark: number, output: StageOutput): void {
  const cursor = operator.time.advance(watermark, output);
  while (cursor?.() === false);
}

let sum = 0;
for (let index = 0; index < EVENTS; index++) sum += ONE(index).value;
const only = process.argv[2];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (only !== undefined && !name.includes(only)) continue;
  let best = Infinity;
  let records = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { cpuNs, output } = run(bench);
    best = Math.min(best, cpuNs);
    ({ records } = output);
    const expected = bench.timesCounted === undefined ? output.values : sum * bench.timesCounted;
    if (output.values !== expected) throw new Error(`${name}: the results add up to ${output.values}, not to ${expected}`);
  }
  process.stdout.write(`${name}: ${best.toFixed(0)} CPU ns an event, ${(records / EVENTS).toFixed(2)} results an event\n`);
}
