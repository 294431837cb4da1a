import { StreamExecutionEnvironment } from '#api';
import { differences } from '../compare.js';
import { expectedWindows } from './event-windows.js';
import { checkSums, sumsOf } from './keyed-sums.js';
import { countsOf } from './keyed-timers.js';
import { type JobChoices, OUTPUT, rateOf, type SimJob, sinkOf } from './sim-job.js';

/** Pipelines that have nothing to do with each other, two with keyed state, and one without exchanges: each of its subtasks is a region. */
export function pipelines(choices: JobChoices): SimJob {
  const { records, keys, faults, parallelism } = choices;
  return {
    main: async () => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      const sums = sumsOf(env, choices);
      const counts = countsOf(env, choices);
      const lines = env
        .dataGenerator((index) => String(index), records, rateOf(choices))
        .map((line) => {
          faults.mayThrow();
          return line;
        });
      const named = { sums, counts, lines };
      for (const [name, stream] of Object.entries(named)) {
        const place = { path: `${OUTPUT}/${name}`, ...(name === 'lines' && { parallelism }) };
        sinkOf(
          stream.map((line) => `${name} ${line}`),
          choices,
          place,
        );
      }
      await env.execute('pipelines');
    },
    check: (all) => {
      const of = (name: string): readonly string[] =>
        all.flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []));
      return [
        ...checkSums(of('sums'), choices),
        ...differences(expectedWindows(records, keys, parallelism, 1), of('counts')),
        ...differences(
          Array.from({ length: records }, (_, index) => String(index)),
          of('lines'),
        ),
      ];
    },
  };
}
