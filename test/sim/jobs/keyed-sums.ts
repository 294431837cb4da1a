import { type DataStream, StreamExecutionEnvironment } from '#api';
import { differences } from '../compare.js';
import { type JobChoices, rateOf, type SimJob, sinkOf } from './sim-job.js';

interface Sum {
  readonly key: string;
  readonly count: number;
  readonly sum: number;
}

/** A rolling sum by key: every record shows as one step of its key's sum, in whatever order. */
export function keyedSums(choices: JobChoices): SimJob {
  return {
    main: async () => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      sinkOf(sumsOf(env, choices), choices);
      await env.execute('keyed sums');
    },
    check: (lines) => checkSums(lines, choices),
  };
}

export function sumsOf(env: StreamExecutionEnvironment, choices: JobChoices): DataStream<string> {
  const { records, keys, faults } = choices;
  return env
    .dataGenerator((index): Sum => ({ key: keyOf(index, keys), count: 1, sum: valueOf(index) }), records, rateOf(choices))
    .map((one) => {
      faults.mayThrow();
      return one;
    })
    .keyBy('key')
    .reduce((left, right) => ({ key: left.key, count: left.count + right.count, sum: left.sum + right.sum }))
    .map(({ key, count, sum }) => `${key},${count},${sum}`);
}

export function checkSums(lines: readonly string[], { records, keys }: Pick<JobChoices, 'records' | 'keys'>): readonly string[] {
  const wrong: string[] = [];
  for (let key = 0; key < keys; key++) {
    const name = keyOf(key, keys);
    const sums = lines
      .map((line) => line.split(','))
      .filter(([of]) => of === name)
      .map(([, count, sum]) => [Number(count), Number(sum)] as const)
      .sort(([left], [right]) => left - right);
    const expected: string[] = [];
    for (let index = key; index < records; index += keys) expected.push(String(valueOf(index)));
    const steps = sums.map(([, sum], at) => String(sum - (sums[at - 1]?.[1] ?? 0)));
    wrong.push(...differences(expected, steps).map((difference) => `${name}: step ${difference}`));
  }
  if (lines.length !== records) wrong.push(`${lines.length} lines instead of ${records}`);
  return wrong;
}

function keyOf(index: number, keys: number): string {
  return `key-${index % keys}`;
}

/** No two records have the same. */
function valueOf(index: number): number {
  return index * 7 + 3;
}
