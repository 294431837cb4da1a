import { type Collector, MapStateDescriptor, StreamExecutionEnvironment } from '#api';
import { Types } from '#core';
import { differences } from '../compare.js';
import { type JobChoices, rateOf, type SimJob, sinkOf } from './sim-job.js';

const RULES = 9;
const rules = new MapStateDescriptor('rules', Types.long, Types.long);

/** Union, rebalance and a stream that is broadcast: each record passes once, each rule once in each subtask. */
export function partitionings(choices: JobChoices): SimJob {
  const { records, faults, parallelism } = choices;
  return {
    main: async () => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      const [left, right] = ['left', 'right'].map((side) => env.dataGenerator((index) => `${side},${index}`, records, rateOf(choices)));
      const spread = left!
        .union(right!)
        .rebalance()
        .map((line) => {
          faults.mayThrow();
          return line;
        });
      const broadcast = env
        .dataGenerator((index) => index, RULES, { ratePerSecond: 10 })
        .setParallelism(1)
        .broadcast(rules);
      const joined = spread.connect(broadcast).process({
        processElement: (line, _context, out: Collector<string>) => {
          out.collect(line);
        },
        processBroadcastElement: (rule, context, out: Collector<string>) => {
          const state = context.getBroadcastState(rules);
          const seen = [...state.entries()].length;
          state.put(rule, 1);
          out.collect(`rule,${rule},${seen}`);
        },
      });
      sinkOf(joined, choices);
      await env.execute('partitionings');
    },
    check: (lines) => differences(expected(records, parallelism), lines),
  };
}

function expected(records: number, parallelism: number): readonly string[] {
  const lines = ['left', 'right'].flatMap((side) => Array.from({ length: records }, (_, index) => `${side},${index}`));
  const told = Array.from({ length: RULES }, (_, rule) => Array.from({ length: parallelism }, () => `rule,${rule},${rule}`));
  return [...lines, ...told.flat()];
}
