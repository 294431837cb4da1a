import type { Partitioning } from '#api';

/**
 * Generates the `emit` function of a result partition: choose a channel, let its writer encode the record, and leave everything unusual
 * (no open segment, another type, a first timestamp) to the channel. Each partition compiles its own, so that the engine can inline the
 * key selector and the writer into it.
 *
 * Constants: `channels`, `count`, `none` (the timestamp of records without one), `select` (key selector), `table` (subtask of each key group),
 * `keyGroupOf`, `maxParallelism`, `partitioner`, `outOfRange`, `random`, `first` (where a round robin starts), `each` (flush every record).
 */
export function emitSource(partitioning: Partitioning, channels: number, flushEach: boolean): string {
  const write = `if ((timestamp !== none && !channel.timestamps) || channel.writer.write(value, timestamp) !== 0) channel.write(value, timestamp);`;
  const body = flushEach ? `${write} channel.flush();` : write;
  const guarded = (lines: string): string => `try { ${lines} } catch (error) { throw explain(error); }`;
  if (partitioning.kind === 'broadcast') {
    return `return function emit(value, timestamp) { for (let i = 0; i < ${channels}; i++) { const channel = channels[i]; ${guarded(body)} } };`;
  }
  const { state, choose } = selection(partitioning, channels);
  return `${state} return function emit(value, timestamp) { ${choose} ${guarded(body)} };`;
}

/** Variables beside the function, and statements that declare `channel`. */
function selection(partitioning: Partitioning, channels: number): { readonly state: string; readonly choose: string } {
  const only = { state: 'const channel = channels[0];', choose: '' };
  switch (partitioning.kind) {
    case 'hash':
      return channels === 1 ? only : { state: '', choose: `const channel = channels[table[keyGroupOf(${keyOf(partitioning.key)}, maxParallelism)]];` };
    case 'custom':
      return { state: '', choose: custom(keyOf(partitioning.key)) };
    case 'rebalance':
    case 'rescale':
      return channels === 1 ? only : { state: 'let next = first;', choose: `const channel = channels[next]; next = next + 1 === ${channels} ? 0 : next + 1;` };
    case 'shuffle':
      return channels === 1 ? only : { state: '', choose: `const channel = channels[random.nextInt(${channels})];` };
    default:
      return only;
  }
}

function custom(key: string): string {
  return `const index = partitioner(${key}, count); const channel = channels[index]; if (channel === undefined) throw outOfRange(index);`;
}

/** A plain field path is read in place; anything else goes through the selector. */
function keyOf(key: { readonly field?: string }): string {
  if (key.field === undefined) return 'select(value)';
  return `value${key.field.split('.').map((name) => `[${JSON.stringify(name)}]`).join('')}`;
}
