import { StreamExecutionEnvironment } from 'flink-ts';
import type { KeyedEvent } from '../generators/keyed-events.js';
import type { SumAndCount } from '../generators/sum-and-count.js';
import { jobOptions } from './job-options.js';
import { LastRecordSink } from './last-record-sink.js';
import { EveryRecord, expectResult, fingerprint, type ResultSummary } from './result-check.js';
import { eventsInOrder, timedEvents } from './timed-events.js';

/* Pairs of events of two streams with the same key that are at most 2 s apart. */
const BOUND_MS = 2000;
const { events, keys, check } = jobOptions();
const half = Math.floor(events / 2);
const env = StreamExecutionEnvironment.getExecutionEnvironment();
const left = timedEvents(env, { events: half, keys, salt: 1 }).keyBy((event) => event.key);
const right = timedEvents(env, { events: half, keys, salt: 2 }).keyBy((event) => event.key);
const pairs = left
  .intervalJoin(right)
  .between(-BOUND_MS, BOUND_MS)
  .process<SumAndCount>((one, other, context, out) => {
    out.collect([one.key, context.timestamp, one.value + other.value]);
  });
const everyPair = new EveryRecord<SumAndCount>(
  ([key]) => key,
  ([, , sum]) => sum,
);
(check ? pairs.filter(everyPair) : pairs).sinkTo(new LastRecordSink());

const result = await env.execute('interval join');
if (check) expectResult(result, expected());

function expected(): ResultSummary {
  const byKey = new Map<number, KeyedEvent[]>();
  for (const event of eventsInOrder({ events: half, keys, salt: 2 })) byKey.set(event.key, [...(byKey.get(event.key) ?? []), event]);
  let records = 0;
  let sum = 0;
  for (const one of eventsInOrder({ events: half, keys, salt: 1 })) {
    for (const other of byKey.get(one.key) ?? []) {
      if (Math.abs(other.ts - one.ts) > BOUND_MS) continue;
      records++;
      sum += fingerprint(one.key, one.value + other.value);
    }
  }
  return { records, fingerprint: sum };
}
