import type { Partitioning } from '#api';

/**
 * Generates the `emit` function of a result partition: choose a channel, let its writer encode the record, and leave everything unusual
 * (no open segment, another type, a first timestamp) to the channel. Each partition compiles its own, so that the engine can inline the
 * key selector and the writer into it.
 *
 * Constants: `channels`, `count`, `none` (the timestamp of records without one), `select` (key selector), `table` (subtask of each key
 * group), `keyGroupOf`, `maxParallelism`, `partitioner`, `outOfRange`, `random`, `first` (where a round robin starts), `explain`.
 */
export function emitSource(partitioning: Partitioning, channels: number, flushEach: boolean): string {
  const write = [
    'try {',
    '  const unusual = timestamp !== none && !channel.timestamps;',
    '  if (unusual || channel.writer.write(value, timestamp) !== 0) channel.write(value, timestamp);',
    ...(flushEach ? ['  channel.flush();'] : []),
    '} catch (error) { throw explain(error); }',
  ];
  const { state, choose } = selection(partitioning, channels);
  const once = [choose, ...write];
  const body = partitioning.kind === 'broadcast' ? ['for (const channel of channels) {', ...write, '}'] : once;
  return [state, 'return function emit(value, timestamp) {', ...body, '};'].join('\n');
}

/** Variables beside the function, and statements that declare `channel`. */
function selection(partitioning: Partitioning, channels: number): { readonly state: string; readonly choose: string } {
  const only = { state: '', choose: 'const channel = channels[0];' };
  const choice = (choose: string, state = ''): typeof only => (channels === 1 ? only : { state, choose });
  switch (partitioning.kind) {
    case 'hash':
      if (channels === 1) return { state: '', choose: `${checkOf(partitioning.key)} ${only.choose}` };
      return choice(`const channel = channels[table[keyGroupOf(${keyOf(partitioning.key)}, maxParallelism)]];`);
    case 'rebalance':
    case 'rescale':
      return choice(`const channel = channels[next]; next = next + 1 === ${channels} ? 0 : next + 1;`, 'let next = first;');
    case 'shuffle':
      return choice(`const channel = channels[random.nextInt(${channels})];`);
    case 'custom': {
      const choose = `const index = partitioner(${keyOf(partitioning.key)}, count), channel = channels[index];`;
      return { state: '', choose: `${choose} if (channel === undefined) throw outOfRange(index);` };
    }
    default:
      return only;
  }
}

/** A plain field path is read in place; anything else goes through the selector, also what is not there: it knows the error. */
function keyOf({ field }: { readonly field?: string }): string {
  return field === undefined ? 'select(value)' : `${fieldOf(field)} ?? select(value)`;
}

/** Where all records go the same way nobody may ever look at the key; a record without its field is an error all the same. */
function checkOf({ field }: { readonly field?: string }): string {
  return field === undefined ? '' : `if (${fieldOf(field)} === undefined) select(value);`;
}

function fieldOf(path: string): string {
  const steps = path.split('.').map((name) => `?.[${JSON.stringify(name)}]`);
  return `value${steps.join('')}`;
}
