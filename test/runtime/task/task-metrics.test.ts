import { expect } from 'chai';
import { MAX_WATERMARK, MIN_WATERMARK } from '#core';
import { type Duration, StreamExecutionEnvironment, TumblingEventTimeWindows, WatermarkStrategy } from '#api';
import type { TaskMetrics } from '../../../runtime/task/deployment.js';
import { runJob } from '../../support/run-program.js';

type Click = readonly [user: string, time: number];

/** The last metrics of each vertex. */
async function metricsOf(build: (env: StreamExecutionEnvironment) => void): Promise<readonly TaskMetrics[]> {
  const latest = new Map<string, TaskMetrics>();
  await runJob(async () => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    build(env);
    await env.execute();
  }).then(({ reports }) => {
    for (const report of reports) if (report.type === 'metrics') for (const metrics of report.tasks) latest.set(metrics.vertexId, metrics);
  });
  return [...latest.values()];
}

/** Each record is the watermark of those behind it. */
const EACH = WatermarkStrategy.forGenerator<Click>(() => ({
  onEvent: (_click, timestamp, output) => {
    output.emitWatermark(timestamp);
  },
  onPeriodicEmit: () => undefined,
})).withTimestampAssigner(([, time]: Click) => time);

const SIZE: Duration = 10;

describe('the metrics of a task', () => {
  it('tell how many records came too late for their windows', async () => {
    const clicks: readonly Click[] = [
      ['a', 5],
      ['a', 25],
      ['a', 7],
      ['b', 8],
      ['b', 26],
    ];
    const metrics = await metricsOf((env) => {
      env
        .fromCollection(clicks)
        .assignTimestampsAndWatermarks(EACH)
        .keyBy(0)
        .window(TumblingEventTimeWindows.of(SIZE))
        .reduce(([user], [, time]): Click => [user, time])
        .addSink(() => undefined);
    });
    const operators = metrics.flatMap((task) => task.operators);
    const dropped = operators.filter(({ lateRecordsDropped }) => lateRecordsDropped !== undefined);
    expect(dropped.map(({ lateRecordsDropped }) => lateRecordsDropped)).to.deep.equal([2]);
    expect(dropped[0]).to.deep.include({ inputWatermark: MAX_WATERMARK, outputWatermark: MAX_WATERMARK });
    expect(operators.map(({ name }) => name)).to.include.members(['Timestamps/Watermarks', dropped[0]!.name]);
  });

  it('tell nothing of late records where none can be, and how far event time has come', async () => {
    const [metrics] = await metricsOf((env) => {
      env
        .fromElements(1, 2)
        .map((n) => n)
        .addSink(() => undefined);
    });
    expect(metrics?.inputWatermark).to.equal(MIN_WATERMARK);
    expect(metrics?.operators.map(({ lateRecordsDropped }) => lateRecordsDropped)).to.deep.equal([undefined, undefined, undefined]);
    expect(metrics?.operators[1]).to.deep.include({ inputWatermark: MAX_WATERMARK });
  });
});
