import { StreamExecutionEnvironment } from 'flink-ts';
import { type KeyedEvent, keyedEvents } from '../generators/keyed-events.js';
import { jobOptions } from './job-options.js';
import { LastRecordSink } from './last-record-sink.js';
import { EveryRecord, expectResult, fingerprint, type ResultSummary } from './result-check.js';

/* Events through one keyed exchange and a map that changes nothing. */
const { events, keys, check } = jobOptions();
const env = StreamExecutionEnvironment.getExecutionEnvironment();
const eventAt = keyedEvents({ events, keys, parallelism: env.getParallelism() });

const passed = env
  .dataGenerator(eventAt, events)
  .keyBy((event) => event.key)
  .map((event) => event);
const seen = check
  ? passed.filter(
      new EveryRecord<KeyedEvent>(
        ({ key }) => key,
        ({ ts, value }) => ts ^ value,
      ),
    )
  : passed;
seen.sinkTo(new LastRecordSink());

const result = await env.execute('pass-through');
if (check) expectResult(result, expected());

function expected(): ResultSummary {
  let sum = 0;
  for (let index = 0; index < events; index++) {
    const { key, ts, value } = eventAt(index);
    sum += fingerprint(key, ts ^ value);
  }
  return { records: events, fingerprint: sum };
}
