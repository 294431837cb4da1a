import { StreamExecutionEnvironment } from 'flink-ts';
import { setTimeout as delay } from 'node:timers/promises';
import { mix, scale } from '../generators/mixed-numbers.js';

/* An endless source that could make millions of records a second, and a sink that takes a millisecond for each. */
const KEYS = 1000;
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env
  .dataGenerator((index) => ({ key: scale(mix(index), KEYS), index, text: `record number ${index} of an endless stream` }))
  .keyBy((record) => record.key)
  .addSink(() => delay(1));
await env.execute('slow sink');
