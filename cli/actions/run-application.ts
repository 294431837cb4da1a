import type { Action } from '../action.js';
import { run } from './run.js';

/** `flink-ts run-application`: the older way to write `run -t yarn-application`. */
export const runApplication: Action = {
  ...run,
  name: 'run-application',
  summary: 'runs a program in application mode: its main runs in the cluster.',
  settings: (parsed) => [
    ...(parsed.value('target') === undefined ? [{ flag: 'run-application', key: 'execution.target', value: 'yarn-application' }] : []),
    ...(run.settings?.(parsed) ?? []),
  ],
};
