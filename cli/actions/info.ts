import { classloaderResolveOrder } from '#conf';
import { bundleProgram, executionDefaults, planProgram } from '#session';
import type { Action, ActionContext } from '../action.js';
import { DYNAMIC, HELP, VERBOSE } from '../arguments/cli-option.js';
import { programArguments, PROGRAM_OPTIONS } from '../arguments/program-arguments.js';

/** `flink-ts info`: the plan of a program, made here without a cluster. */
export const info: Action = {
  name: 'info',
  summary: 'shows the optimized execution plan of the program (JSON).',
  operands: '<program-file> <arguments>',
  syntax: { options: [HELP, VERBOSE, ...PROGRAM_OPTIONS, DYNAMIC], programFollows: true },
  notes: [],
  check: (parsed) => {
    programArguments(parsed);
  },
  run: showPlan,
};

async function showPlan({ terminal, arguments: parsed, configuration }: ActionContext): Promise<number> {
  const { file, args, entry, classpath } = programArguments(parsed);
  const program = await bundleProgram(file, { classpath, entry, resolveOrder: configuration.get(classloaderResolveOrder) });
  const plan = await planProgram({ program, args, entry, defaults: executionDefaults(configuration) });
  terminal.print('----------------------- Execution Plan -----------------------');
  terminal.print(JSON.stringify(plan));
  terminal.print('--------------------------------------------------------------');
  terminal.print('');
  terminal.print('No description provided.');
  return 0;
}
