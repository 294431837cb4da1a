import { parseArgs } from 'node:util';

/** How a job of the bench is to run, from its program arguments. */
export interface JobOptions {
  readonly events: number;
  readonly keys: number;
  /** The text to read. */
  readonly input: string;
  readonly mode: 'streaming' | 'batch';
  /** Whether the result is compared with that of a plain loop, which makes the job slower. */
  readonly check: boolean;
}

export function jobOptions(): JobOptions {
  const { values } = parseArgs({
    options: {
      events: { type: 'string', default: '20000000' },
      keys: { type: 'string', default: '100000' },
      input: { type: 'string', default: '' },
      mode: { type: 'string', default: 'streaming' },
      check: { type: 'boolean', default: false },
    },
  });
  const { events, keys, input, mode, check } = values;
  if (mode !== 'streaming' && mode !== 'batch') throw new TypeError(`the mode must be streaming or batch, not "${mode}"`);
  return { events: Number(events), keys: Number(keys), input, mode, check };
}
