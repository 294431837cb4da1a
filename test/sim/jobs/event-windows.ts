import {
  type Collector,
  type SingleOutputStreamOperator,
  StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  WatermarkStrategy,
} from '#api';
import { differences } from '../compare.js';
import { type JobChoices, rateOf, type SimJob, sinkOf } from './sim-job.js';
import { timedRecord, type Timed } from './timed-records.js';

const WINDOW_MS = 100;
const SOURCES = 2;

interface Counted {
  count: number;
  sum: number;
}

/** Windows of event time over several sources whose records are out of order: each window once, with all its records. */
export function eventWindows(choices: JobChoices): SimJob {
  const { records, keys, faults, parallelism } = choices;
  return {
    main: async () => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      const [first, ...others] = Array.from({ length: SOURCES }, (_, source) => timedSource(env, source, choices));
      const windows = first!
        .union(...others)
        .keyBy('key')
        .window(TumblingEventTimeWindows.of(WINDOW_MS))
        .aggregate(
          {
            createAccumulator: (): Counted => ({ count: 0, sum: 0 }),
            add: ({ value }: Timed, counted: Counted) => {
              faults.mayThrow();
              return { count: counted.count + 1, sum: counted.sum + value };
            },
            getResult: (counted) => counted,
            merge: (left, right) => ({ count: left.count + right.count, sum: left.sum + right.sum }),
          },
          {
            process: (key: string, context, elements: Iterable<Counted>, out: Collector<string>) => {
              for (const { count, sum } of elements) out.collect(`${key},${context.window.start},${count},${sum}`);
            },
          },
        );
      sinkOf(windows, choices);
      await env.execute('event windows');
    },
    check: (lines) => differences(expectedWindows(records, keys, parallelism), lines),
  };
}

function timedSource(env: StreamExecutionEnvironment, source: number, choices: JobChoices): SingleOutputStreamOperator<Timed> {
  const { records, keys, parallelism } = choices;
  return env
    .dataGenerator((index) => timedRecord(source, index, keys, Math.ceil(records / parallelism)), records, rateOf(choices))
    .assignTimestampsAndWatermarks(WatermarkStrategy.forBoundedOutOfOrderness<Timed>(60).withTimestampAssigner(({ time }) => time));
}

/** The plain loop. */
export function expectedWindows(records: number, keys: number, parallelism: number, sources = SOURCES): readonly string[] {
  const windows = new Map<string, Counted>();
  for (let source = 0; source < sources; source++) {
    for (let index = 0; index < records; index++) {
      const { key, time, value } = timedRecord(source, index, keys, Math.ceil(records / parallelism));
      const name = `${key},${Math.floor(time / WINDOW_MS) * WINDOW_MS}`;
      const counted = windows.get(name) ?? { count: 0, sum: 0 };
      windows.set(name, { count: counted.count + 1, sum: counted.sum + value });
    }
  }
  return [...windows].map(([name, { count, sum }]) => `${name},${count},${sum}`);
}
