import { option } from '../option.js';
import { boolean, double, intFrom } from '../types/scalars.js';

const group = 'Batch';

export const delimitedMaxLineSamples = option({
  key: 'compiler.delimited-informat.max-line-samples',
  type: intFrom(0),
  default: '10',
  group,
  takesEffect: 'not-yet',
  description: 'Most lines that are read to estimate the size of an input.',
});

export const delimitedMinLineSamples = option({
  key: 'compiler.delimited-informat.min-line-samples',
  type: intFrom(0),
  default: '2',
  group,
  takesEffect: 'not-yet',
  description: 'Fewest lines that are read to estimate the size of an input.',
});

export const delimitedMaxSampleLength = option({
  key: 'compiler.delimited-informat.max-sample-len',
  type: intFrom(1),
  default: '2097152',
  group,
  takesEffect: 'not-yet',
  description: 'Longest line, in bytes, that is read for this.',
});

export const hashJoinBloomFilters = option({
  key: 'taskmanager.runtime.hashjoin-bloom-filters',
  type: boolean,
  default: 'false',
  group,
  takesEffect: 'not-yet',
  description: 'Whether a hash join that spills drops records early by Bloom filters.',
});

export const runtimeMaxFan = option({
  key: 'taskmanager.runtime.max-fan',
  type: intFrom(2),
  default: '128',
  group,
  takesEffect: 'not-yet',
  description: 'How many sorted or partitioned files are open at a time in a sort or a hash join.',
});

export const sortSpillingThreshold = option({
  key: 'taskmanager.runtime.sort-spilling-threshold',
  type: double,
  default: '0.8',
  group,
  takesEffect: 'not-yet',
  description: "Share of a sort's memory that may be full before it writes to disk.",
});
