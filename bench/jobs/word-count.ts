import { type Collector, StreamExecutionEnvironment } from 'flink-ts';
import { jobOptions } from './job-options.js';
import { LastRecordSink } from './last-record-sink.js';
import { plainWordCount } from './plain-word-count.js';
import { expectResult, LatestOfEachKey, textHash } from './result-check.js';

interface WordCount {
  readonly word: string;
  readonly count: number;
}

/* The words of a text, split at blanks and counted, as records with names. */
const { input, mode, check } = jobOptions();
const env = StreamExecutionEnvironment.getExecutionEnvironment();
if (mode === 'batch') env.setRuntimeMode('BATCH');

const counts = env
  .readTextFile(input)
  .flatMap(splitLine)
  .keyBy((each) => each.word)
  .sum('count');
const seen = check
  ? counts.filter(
      new LatestOfEachKey<WordCount>(
        ({ word }) => textHash(word),
        ({ count }) => count,
      ),
    )
  : counts;
seen.sinkTo(new LastRecordSink());

const result = await env.execute('word count');
if (check) expectResult(result, await plainWordCount(input, mode));

function splitLine(line: string, out: Collector<WordCount>): void {
  for (const word of line.split(' ')) out.collect({ word, count: 1 });
}
