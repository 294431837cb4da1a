import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { StreamExecutionEnvironment } from 'flink-ts';

/* Notes in a file when its first record came through, ms since 1970 UTC. */
const { values } = parseArgs({ options: { out: { type: 'string', default: '' } } });
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env
  .fromElements(1)
  .map((record) => {
    writeFileSync(values.out, String(Date.now()));
    return record;
  })
  .print();
await env.execute('first record');
