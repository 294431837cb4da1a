import { expect } from 'chai';
import { StreamExecutionEnvironment } from '#api';
import { runJob } from '../../support/run-program.js';

describe('slots in one thread', () => {
  for (const parallelism of [1, 2, 3]) {
    it(`count words with parallelism ${parallelism}`, async () => {
      const run = await runJob(async () => {
        const env = StreamExecutionEnvironment.getExecutionEnvironment();
        const words = env.fromParallelCollection('to be or not to be that is the question'.split(' '));
        const counts = words.map((word) => ({ word, count: 1 })).keyBy('word').sum('count').collectAsync();
        await env.execute('words');
        void counts;
      }, { parallelism });
      const counts = run.collected.get('collector-1') as { word: string; count: number }[];
      expect(counts).to.have.lengthOf(10);
      expect(Math.max(...counts.filter(({ word }) => word === 'be').map(({ count }) => count))).to.equal(2);
    });
  }
});
