/* Programs of the tests, as a user writes them. */

export const HELLO = `import { StreamExecutionEnvironment } from 'flink-ts';
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.fromElements('to', 'be', 'or', 'not', 'to', 'be')
  .map((word): [string, number] => [word, 1])
  .keyBy(0)
  .sum(1)
  .print();
await env.execute('hello');
`;

export const ENDLESS = `import { StreamExecutionEnvironment } from 'flink-ts';
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.dataGenerator((index) => index, undefined, { ratePerSecond: 1000 })
  .rebalance()
  .map((value) => value * 2)
  .filter((value) => value < 0)
  .print();
await env.execute('endless');
`;

export const FAILING = `import { StreamExecutionEnvironment } from 'flink-ts';

interface Reading {
  value: number;
}
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.fromElements(1, 2, 3)
  .map((value) => {
    const reading: Reading = { value };
    if (reading.value === 2) throw new RangeError('value ' + reading.value + ' is out of range');
    return reading.value;
  })
  .print();
await env.execute('failing');
`;
