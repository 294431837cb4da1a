import { StreamExecutionEnvironment } from 'flink-ts';
import { type KeyedEvent, keyedEvents } from '../generators/keyed-events.js';
import { jobOptions } from './job-options.js';
import { LastRecordSink } from './last-record-sink.js';
import { expectResult, fingerprint, LatestOfEachKey, type ResultSummary } from './result-check.js';

/* The running sum of each key: a record out for every record in. */
const { events, keys, check } = jobOptions();
const env = StreamExecutionEnvironment.getExecutionEnvironment();
const eventAt = keyedEvents({ events, keys, parallelism: env.getParallelism() });

const sums = env
  .dataGenerator(eventAt, events)
  .keyBy((event) => event.key)
  .sum('value');
const seen = check
  ? sums.filter(
      new LatestOfEachKey<KeyedEvent>(
        ({ key }) => key,
        ({ value }) => value,
      ),
    )
  : sums;
seen.sinkTo(new LastRecordSink());

const result = await env.execute('rolling sum');
if (check) expectResult(result, expected());

function expected(): ResultSummary {
  const totals = new Map<number, number>();
  for (let index = 0; index < events; index++) {
    const { key, value } = eventAt(index);
    totals.set(key, (totals.get(key) ?? 0) + value);
  }
  let sum = 0;
  for (const [key, total] of totals) sum += fingerprint(key, total);
  return { records: events, fingerprint: sum };
}
