/* What the type checker must accept and refuse of time and windows: checked by being compiled, as `stream-types.ts` is. */
import {
  CountTrigger,
  EventTimeSessionWindows,
  EventTimeTrigger,
  GlobalWindows,
  OutputTag,
  TumblingEventTimeWindows,
  WatermarkStrategy,
  type AggregateFunction,
  type DataStream,
  type GlobalWindow,
  type KeyedStream,
  type ProcessWindowFunction,
  type TimeWindow,
  type WindowedStream,
} from '#api';

interface Click {
  readonly user: string;
  readonly time: number;
  readonly cost: number;
}

declare const average: AggregateFunction<Click, [number, number], number>;

export function timestamps(clicks: DataStream<Click>): void {
  const annotated: DataStream<Click> = clicks.assignTimestampsAndWatermarks(
    WatermarkStrategy.forBoundedOutOfOrderness('2 s')
      .withTimestampAssigner((click: Click) => click.time)
      .withIdleness('1 min'),
  );
  const named: DataStream<Click> = clicks.assignTimestampsAndWatermarks(
    WatermarkStrategy.forMonotonousTimestamps<Click>().withTimestampAssigner((click) => click.time),
  );
  clicks.assignTimestampsAndWatermarks(WatermarkStrategy.noWatermarks());
  // @ts-expect-error the strategy is for other records
  clicks.assignTimestampsAndWatermarks(WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner((text: string) => text.length));
  // @ts-expect-error a timestamp is a number
  WatermarkStrategy.noWatermarks<Click>().withTimestampAssigner((click) => click.user);
  void [annotated, named];
}

export function windows(clicks: KeyedStream<Click, string>): void {
  const tumbling: WindowedStream<Click, string, TimeWindow> = clicks.window(TumblingEventTimeWindows.of('10 s'));
  const summed: DataStream<Click> = tumbling.sum('cost');
  const averages: DataStream<number> = tumbling.aggregate(average);
  const named: DataStream<[string, number, number]> = tumbling.aggregate(
    average,
    (key, window, [result = 0], out: { collect(value: [string, number, number]): void }) => {
      out.collect([key, window.end, result]);
    },
  );
  class Spread implements ProcessWindowFunction<Click, string, string, TimeWindow> {
    process(key: string, context: { readonly window: TimeWindow }, elements: Iterable<Click>, out: { collect(value: string): void }): void {
      out.collect(`${key} ${context.window.start} ${[...elements].length}`);
    }
  }
  const spreads: DataStream<string> = tumbling.process(new Spread());
  const counts: WindowedStream<Click, string, GlobalWindow> = clicks.countWindow(100);
  const sessions: DataStream<Click> = clicks
    .window(EventTimeSessionWindows.withDynamicGap((click: Click) => click.cost))
    .allowedLateness('1 s')
    .sideOutputLateData(new OutputTag<Click>('late'))
    .reduce((left) => left);
  clicks.window(GlobalWindows.create()).trigger(CountTrigger.of(3)).maxBy('cost');
  // @ts-expect-error global windows have no end in event time
  clicks.window(GlobalWindows.create()).trigger(EventTimeTrigger.create());
  // @ts-expect-error texts cannot be added up
  tumbling.sum('user');
  // @ts-expect-error there is no such field
  tumbling.max('price');
  // @ts-expect-error the gap is for other records
  clicks.window(EventTimeSessionWindows.withDynamicGap((text: string) => text.length));
  void [summed, averages, named, spreads, counts, sessions];
}

export function joins(clicks: DataStream<Click>, users: DataStream<{ name: string; age: number }>): void {
  const pairs: DataStream<[string, number]> = clicks
    .join(users)
    .where('user')
    .equalTo('name')
    .window(TumblingEventTimeWindows.of('1 s'))
    .apply((click, user) => [click.user, user.age]);
  const groups: DataStream<number> = clicks
    .coGroup(users)
    .where((click) => click.user)
    .equalTo((user) => user.name)
    .window(TumblingEventTimeWindows.of('1 s'))
    .apply((first, second, out: { collect(value: number): void }) => {
      out.collect(first.length + second.length);
    });
  const near: DataStream<string> = clicks
    .keyBy('user')
    .intervalJoin(users.keyBy('name'))
    .between('-1 s', '1 s')
    .process((click, user, _context, out: { collect(value: string): void }) => {
      out.collect(`${click.cost} ${user.age}`);
    });
  // @ts-expect-error the keys have different types
  clicks.join(users).where('user').equalTo('age');
  // @ts-expect-error the keys have different types
  clicks.keyBy('user').intervalJoin(users.keyBy('age'));
  void [pairs, groups, near];
}
