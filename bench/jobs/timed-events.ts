import { WatermarkStrategy, type DataStream, type StreamExecutionEnvironment } from 'flink-ts';
import { keyedEvents, type KeyedEvent } from '../generators/keyed-events.js';

export interface TimedEventsOptions {
  readonly events: number;
  readonly keys: number;
  readonly salt?: number;
}

/** Keyed events with their event time, in its order. */
export function timedEvents(env: StreamExecutionEnvironment, { events, keys, salt = 1 }: TimedEventsOptions): DataStream<KeyedEvent> {
  const eventAt = keyedEvents({ events, keys, salt, parallelism: env.getParallelism() });
  const inOrder = WatermarkStrategy.forMonotonousTimestamps<KeyedEvent>().withTimestampAssigner((event) => event.ts);
  return env.dataGenerator(eventAt, events).assignTimestampsAndWatermarks(inOrder);
}

/** The same events in the order of time, for a plain loop. */
export function* eventsInOrder({ events, keys, salt = 1 }: TimedEventsOptions): Generator<KeyedEvent, void, undefined> {
  const eventAt = keyedEvents({ events, keys, salt, parallelism: 1 });
  for (let index = 0; index < events; index++) yield eventAt(index);
}
