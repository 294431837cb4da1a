import { StreamExecutionEnvironment, type TimeWindow, type WindowAssigner } from 'flink-ts';
import type { KeyedEvent } from '../generators/keyed-events.js';
import { SUM_AND_COUNT, type SumAndCount } from '../generators/sum-and-count.js';
import { jobOptions } from './job-options.js';
import { LastRecordSink } from './last-record-sink.js';
import { EveryRecord, expectResult, fingerprint } from './result-check.js';
import { eventsInOrder, timedEvents } from './timed-events.js';

/** Tells the results of a plain loop, window by window. */
export type ExpectedSums = (events: Iterable<KeyedEvent>, found: (key: number, sum: number) => void) => void;

/** Runs sum and count of each key in windows; with `--check` against a plain loop. */
export async function runWindowedSums(name: string, assigner: WindowAssigner<unknown, TimeWindow>, expected: ExpectedSums): Promise<void> {
  const { events, keys, check } = jobOptions();
  const env = StreamExecutionEnvironment.getExecutionEnvironment();
  const sums = timedEvents(env, { events, keys })
    .keyBy((event) => event.key)
    .window(assigner)
    .aggregate(SUM_AND_COUNT);
  const everySum = new EveryRecord<SumAndCount>(
    ([key]) => key,
    ([, sum]) => sum,
  );
  (check ? sums.filter(everySum) : sums).sinkTo(new LastRecordSink());
  const result = await env.execute(name);
  if (!check) return;
  const summary = { records: 0, fingerprint: 0 };
  expected(eventsInOrder({ events, keys }), (key, sum) => {
    summary.records++;
    summary.fingerprint += fingerprint(key, sum);
  });
  expectResult(result, summary);
}

/** Of windows that start every `slideMs`: by window and key. */
export function alignedSums(sizeMs: number, slideMs: number): ExpectedSums {
  return (events, found) => {
    const windows = new Map<number, Map<number, number>>();
    for (const { key, ts, value } of events) {
      for (let start = ts - (ts % slideMs); start > ts - sizeMs; start -= slideMs) {
        const sums = windows.get(start) ?? new Map<number, number>();
        windows.set(start, sums.set(key, (sums.get(key) ?? 0) + value));
      }
    }
    for (const sums of windows.values()) for (const [key, sum] of sums) found(key, sum);
  };
}

/** Of sessions: events come in the order of time. */
export function sessionSums(gapMs: number): ExpectedSums {
  return (events, found) => {
    const open = new Map<number, { last: number; sum: number }>();
    for (const { key, ts, value } of events) {
      const session = open.get(key);
      if (session !== undefined && ts <= session.last + gapMs) {
        session.last = ts;
        session.sum += value;
        continue;
      }
      if (session !== undefined) found(key, session.sum);
      open.set(key, { last: ts, sum: value });
    }
    for (const [key, { sum }] of open) found(key, sum);
  };
}
