import { ParameterTool, StreamExecutionEnvironment, Types, type Collector } from 'flink-ts';

/*
 * Counts the words of a text.
 *
 *   flink-ts run examples/word-count.ts --input PATH --output PATH [--mode streaming|batch]
 *
 * Streaming writes a line for every word read, with its count so far; batch writes one line for each word.
 * Without --input it counts the lines below, without --output it prints.
 */
const LINES = [
  'To be, or not to be,--that is the question:--',
  "Whether 'tis nobler in the mind to suffer",
  'The slings and arrows of outrageous fortune',
  'Or to take arms against a sea of troubles,',
];

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
const input = parameters.get('input');
const output = parameters.get('output');

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.setRuntimeMode(parameters.get('mode', 'streaming') === 'batch' ? 'BATCH' : 'STREAMING');
env.getConfig().setGlobalJobParameters(parameters);

const lines = input === undefined ? env.fromCollection(LINES) : env.readTextFile(input);

const counts = lines
  .flatMap(tokenize)
  .name('Tokenizer')
  .returns(Types.object({ word: Types.string, count: Types.long }))
  .keyBy('word')
  .sum('count');

if (output === undefined) counts.print();
else counts.writeAsCsv(output);

await env.execute('Word Count');
