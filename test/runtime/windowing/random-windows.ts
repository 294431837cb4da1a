import fc from 'fast-check';
import { Types } from '#core';
import {
  ContinuousEventTimeTrigger,
  ContinuousProcessingTimeTrigger,
  CountEvictor,
  CountTrigger,
  DeltaEvictor,
  DeltaTrigger,
  EventTimeSessionWindows,
  type Evictor,
  GlobalWindows,
  OutputTag,
  ProcessingTimeSessionWindows,
  PurgingTrigger,
  SlidingEventTimeWindows,
  SlidingProcessingTimeWindows,
  StreamExecutionEnvironment,
  type StreamNode,
  TimeEvictor,
  Trigger,
  type TriggerContext,
  TriggerResult,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
  ValueStateDescriptor,
  type Window,
  type WindowAssigner,
  type WindowedStream,
} from '#api';
import type { TimedStep } from '../../support/timed-operator.js';

export interface Item {
  readonly key: string;
  readonly value: number;
  readonly gap: number;
}

/** Fires at even values, purges at multiples of 5, and sets timers of its own. */
class OddTrigger extends Trigger<Item, Window> {
  readonly #seen = new ValueStateDescriptor<number>('seen');

  onElement(element: Item, timestamp: number, _window: Window, context: TriggerContext): TriggerResult {
    const seen = context.getPartitionedState(this.#seen);
    seen.update((seen.value() ?? 0) + 1);
    context.registerEventTimeTimer(timestamp + 3);
    context.registerProcessingTimeTimer(context.currentProcessingTime + 4);
    if (element.value % 10 === 0) return TriggerResult.FIRE_AND_PURGE;
    if (element.value % 5 === 0) return TriggerResult.PURGE;
    return element.value % 2 === 0 && (seen.value() ?? 0) > 1 ? TriggerResult.FIRE : TriggerResult.CONTINUE;
  }

  onEventTime(time: number): TriggerResult {
    return time % 3 === 0 ? TriggerResult.FIRE : TriggerResult.CONTINUE;
  }

  onProcessingTime(time: number): TriggerResult {
    return time % 2 === 0 ? TriggerResult.FIRE : TriggerResult.CONTINUE;
  }

  clear(_window: Window, context: TriggerContext): void {
    context.getPartitionedState(this.#seen).clear();
  }
}

type Assigner = WindowAssigner<Item, Window>;
type Windows = WindowedStream<Item, string, Window>;

/** Sizes in ms. */
const size = fc.integer({ min: 1, max: 12 });
const ASSIGNERS: Readonly<Record<string, fc.Arbitrary<() => Assigner>>> = {
  tumbling: fc.tuple(size, size).map(
    ([of, offset]) =>
      () =>
        TumblingEventTimeWindows.of(of, offset % of) as unknown as Assigner,
  ),
  sliding: fc.tuple(size, size, size).map(
    ([of, slide, offset]) =>
      () =>
        SlidingEventTimeWindows.of(of, slide, -(offset % slide)) as unknown as Assigner,
  ),
  session: size.map((gap) => () => EventTimeSessionWindows.withGap(gap) as unknown as Assigner),
  dynamic: fc.constant(() => EventTimeSessionWindows.withDynamicGap(({ gap }: Item) => gap) as unknown as Assigner),
  tumblingProcessing: size.map((of) => () => TumblingProcessingTimeWindows.of(of) as unknown as Assigner),
  slidingProcessing: fc.tuple(size, size).map(
    ([of, slide]) =>
      () =>
        SlidingProcessingTimeWindows.of(of, slide) as unknown as Assigner,
  ),
  sessionProcessing: size.map((gap) => () => ProcessingTimeSessionWindows.withGap(gap) as unknown as Assigner),
  global: fc.constant(() => GlobalWindows.create() as unknown as Assigner),
};

type AnyTrigger = Trigger<Item, Window>;
const difference = (a: Item, b: Item): number => Math.abs(a.value - b.value);
const TRIGGERS: Readonly<Record<string, () => AnyTrigger>> = {
  count: () => CountTrigger.of(2),
  purgingCount: () => PurgingTrigger.of(CountTrigger.of(3)),
  continuous: () => ContinuousEventTimeTrigger.of(4),
  purgingContinuous: () => PurgingTrigger.of(ContinuousEventTimeTrigger.of(3)),
  continuousProcessing: () => ContinuousProcessingTimeTrigger.of(4),
  delta: () => DeltaTrigger.of(4, difference),
  odd: () => new OddTrigger(),
};

const EVICTORS: Readonly<Record<string, () => Evictor<Item, Window>>> = {
  count: () => CountEvictor.of(2),
  countAfter: () => CountEvictor.of(1, true),
  time: () => TimeEvictor.of(5),
  timeAfter: () => TimeEvictor.of(3, true),
  delta: () => DeltaEvictor.of(5, difference),
};

const COUNT = new ValueStateDescriptor<number>('count', Types.long);
const EXTRA = new OutputTag<string>('extra');

const AVERAGE = {
  createAccumulator: (): { sum: number; all: number[] } => ({ sum: 0, all: [] }),
  // changes what it is given, as it may
  add: ({ value }: Item, accumulator: { sum: number; all: number[] }) => {
    accumulator.sum += value;
    accumulator.all.push(value);
    return accumulator;
  },
  getResult: (accumulator: { sum: number; all: number[] }) => accumulator,
  merge: (left: { sum: number; all: number[] }, right: { sum: number; all: number[] }) => {
    right.sum += left.sum;
    right.all.push(...left.all);
    left.all.length = 0;
    return right;
  },
};

type Apply = (windows: Windows) => unknown;
const FUNCTIONS: Readonly<Record<string, Apply>> = {
  reduce: (windows) => windows.reduce((left, right) => ({ ...left, value: left.value + right.value, gap: 0 })),
  aggregate: (windows) => windows.aggregate(AVERAGE),
  maxBy: (windows) => windows.aggregate({ ...AVERAGE, getResult: ({ sum }) => sum }),
  fold: (windows) => windows.fold({ sum: 0 }, (accumulator, { value }) => ({ sum: accumulator.sum + value })),
  apply: (windows) =>
    windows.apply<unknown>((key, window, values, out) => {
      out.collect([key, window.toString(), [...values].map(({ value }) => value).sort()]);
      for (const { value } of values) if (value > 15) out.collect(value);
    }),
  aggregateApply: (windows) =>
    windows.aggregate<{ sum: number; all: number[] }, { sum: number; all: number[] }, unknown>(AVERAGE, (key, window, [result], out) => {
      out.collect([key, window.maxTimestamp(), result?.sum]);
    }),
  process: (windows) =>
    windows.process<unknown>((key, context, values, out) => {
      const global = context.globalState().getState(COUNT);
      global.update((global.value() ?? 0) + 1);
      context.output(EXTRA, `${key} ${context.window.toString()}`);
      out.collect([key, context.currentWatermark, [...values].map(({ value }) => value).sort(), key]);
    }),
  processState: (windows) =>
    windows.aggregate<{ sum: number; all: number[] }, { sum: number; all: number[] }, unknown>(AVERAGE, {
      process: (key, context, [result], out) => {
        const fired = context.windowState().getState(COUNT);
        fired.update((fired.value() ?? 0) + 1);
        out.collect([key, context.window.toString(), fired.value(), result?.sum]);
      },
    }),
};

export interface RandomWindow {
  readonly description: string;
  /** A window node of a program. */
  readonly make: () => StreamNode;
}

/** Every assigner with every trigger, function, evictor and lateness that it may have. */
export const anyWindow: fc.Arbitrary<RandomWindow> = fc
  .record({
    assigner: fc.constantFrom(...Object.keys(ASSIGNERS)).chain((name) => ASSIGNERS[name]!.map((make) => ({ name, make }))),
    trigger: fc.option(fc.constantFrom(...Object.keys(TRIGGERS)), { freq: 2 }),
    evictor: fc.option(fc.constantFrom(...Object.keys(EVICTORS)), { freq: 1 }),
    lateness: fc.constantFrom(0, 0, 3, 20),
    late: fc.boolean(),
    fn: fc.constantFrom(...Object.keys(FUNCTIONS)),
  })
  .filter(({ assigner, trigger, fn }) => {
    const merges = assigner.name.startsWith('session') || assigner.name === 'dynamic';
    return !merges || ((trigger === null || !['delta', 'odd'].includes(trigger)) && !['fold', 'processState'].includes(fn));
  })
  .map(({ assigner, trigger, evictor, lateness, late, fn }) => ({
    description: `${assigner.make().toString()} ${trigger ?? 'default'} ${evictor ?? ''} lateness ${lateness} ${fn}`,
    make: () => {
      const env = StreamExecutionEnvironment.createLocalEnvironment(1);
      const windows: Windows = env.fromCollection<Item>([]).keyBy('key').window(assigner.make());
      if (trigger !== null) windows.trigger(TRIGGERS[trigger]!());
      if (evictor !== null) windows.evictor(EVICTORS[evictor]!());
      if (lateness > 0) windows.allowedLateness(lateness);
      if (late) windows.sideOutputLateData(new OutputTag<Item>('late'));
      FUNCTIONS[fn]!(windows);
      return env.getStreamGraph().nodes.find(({ spec }) => spec.kind === 'window')!;
    },
  }));

/** Records out of order, watermarks that rise, and a clock. */
export const anySteps: fc.Arbitrary<readonly TimedStep[]> = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          kind: fc.constant('record' as const),
          value: fc.record({
            key: fc.constantFrom('a', 'b', 'c'),
            value: fc.integer({ min: 0, max: 20 }),
            gap: fc.integer({ min: 1, max: 9 }),
          }),
          timestamp: fc.integer({ min: -5, max: 40 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('watermark' as const), watermark: fc.integer({ min: 0, max: 9 }) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('clock' as const), byMs: fc.integer({ min: 1, max: 7 }) }) },
    ),
    { maxLength: 60 },
  )
  .map(rising);

function rising(steps: readonly TimedStep[]): readonly TimedStep[] {
  let watermark = -6;
  const risen = steps.map((step): TimedStep => {
    if (step.kind !== 'watermark') return step;
    watermark += 1 + step.watermark;
    return { kind: 'watermark', watermark };
  });
  return [...risen, { kind: 'watermark', watermark: Number.POSITIVE_INFINITY }];
}
