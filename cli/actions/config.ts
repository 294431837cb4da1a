import { explainOptionText } from '#conf';
import type { Action } from '../action.js';
import { DYNAMIC, HELP, VERBOSE } from '../arguments/cli-option.js';
import { UsageError } from '../errors.js';

/** `flink-ts config explain <key>`: what an option is, and where its value comes from. */
export const config: Action = {
  name: 'config',
  summary: 'explains an option of the configuration: its value, where it is set, and what it means.',
  operands: 'explain <key>...',
  syntax: { options: [HELP, VERBOSE, DYNAMIC], programFollows: false },
  notes: [],
  check: ({ rest }) => {
    if (rest[0] !== 'explain' || rest.length < 2) throw new UsageError('Specify what to do: "config explain <key>".');
  },
  run: ({ terminal, arguments: { rest }, configuration }) => {
    for (const key of rest.slice(1)) terminal.print(explainOptionText(configuration, key).trimEnd());
    return Promise.resolve(0);
  },
};
