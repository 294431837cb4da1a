import type { CliOption } from './cli-option.js';

/** There is one form of savepoints. */
export const FORMAT_TYPE: CliOption = {
  short: 'type',
  long: 'type',
  argument: 'canonical|native',
  description: 'Accepted as in Flink: savepoints have one form here.',
  hidden: true,
};

export const DETACHED_SAVEPOINT: CliOption = {
  short: 'detached',
  long: 'detached',
  description: 'Do not wait for the savepoint: print the id by which its outcome can be asked for.',
};
