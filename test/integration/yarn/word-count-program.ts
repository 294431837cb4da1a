/** Counts words of `--input` into `--output`, `--delay` ms a line; `--fail` breaks it off. */
export const WORD_COUNT = `
import { ParameterTool, StreamExecutionEnvironment, Types } from 'flink-ts';
const parameters = ParameterTool.fromArgs(process.argv.slice(2));
const fails = parameters.has('fail');
const delayMs = parameters.getNumber('delay', 0);
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.setRuntimeMode('BATCH');
env
  .readTextFile(parameters.get('input') ?? '')
  .flatMap((line: string, out: { collect(value: { word: string; count: number }): void }) => {
    if (fails) throw new Error('this line is too much');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, delayMs);
    for (const word of line.split(' ')) out.collect({ word, count: 1 });
  })
  .returns(Types.object({ word: Types.string, count: Types.long }))
  .keyBy('word')
  .sum('count')
  .writeAsCsv(parameters.get('output') ?? '');
await env.execute('Word Count');
`;

export const INPUT = 'to be or not to be\nthat is the question\n';
export const COUNTS = ['be,2', 'is,1', 'not,1', 'or,1', 'question,1', 'that,1', 'the,1', 'to,2'];
