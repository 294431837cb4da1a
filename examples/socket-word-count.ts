import { ParameterTool, StreamExecutionEnvironment, Types, type Collector } from 'flink-ts';

/*
 * Counts the words that arrive over a socket, and prints each count as it grows.
 *
 *   nc -lk 9999
 *   flink-ts run examples/socket-word-count.ts --hostname localhost --port 9999
 */
interface WordCount {
  word: string;
  count: number;
}

function tokenize(line: string, out: Collector<WordCount>): void {
  for (const word of line.toLowerCase().split(/\W+/)) {
    if (word !== '') out.collect({ word, count: 1 });
  }
}

const parameters = ParameterTool.fromArgs(process.argv.slice(2));
const hostname = parameters.get('hostname', 'localhost');
const port = parameters.getInt('port');

const env = StreamExecutionEnvironment.getExecutionEnvironment();

env
  .socketTextStream(hostname, port)
  .flatMap(tokenize)
  .returns(Types.object({ word: Types.string, count: Types.long }))
  .keyBy('word')
  .sum('count')
  .print()
  .setParallelism(1);

await env.execute('Socket Word Count');
