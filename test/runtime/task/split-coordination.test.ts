import { expect } from 'chai';
import { silentLogger, type VertexId } from '#core';
import type { Source } from '#api';
import type { CheckpointOptions } from '../../../runtime/checkpoint/handles.js';
import type { OperatorEvent } from '../../../runtime/task/deployment.js';
import { EnumeratorHost } from '../../../runtime/task/split-coordination.js';

const unexpected = (): never => expect.fail('nothing of this is asked for');

/** Its enumerator never says that no more splits come. */
const source: Source<unknown> = {
  boundedness: 'unbounded',
  parallel: true,
  createReader: () => unexpected(),
  createEnumerator: () => ({ start: () => undefined, handleRequest: () => undefined }),
};

describe('the host of an enumerator', () => {
  const events: OperatorEvent[] = [];
  const hostOf = (parallelism: number, finished: readonly number[] = []): EnumeratorHost => {
    const place = { vertexId: 'v' as VertexId, nodeId: 1, parallelism, finished, hosts: [] };
    return new EnumeratorHost(source, place, (event) => void events.push(event), {
      logger: silentLogger,
      signal: new AbortController().signal,
      fail: unexpected,
      restored: undefined,
    });
  };
  const checkpoint = (checkpointId: number, stop?: CheckpointOptions['stop']): Parameters<EnumeratorHost['checkpoint']>[0] => ({
    checkpointId,
    timestamp: 0,
    alignmentMs: 0,
    startDelayMs: 0,
    options: { ...OPTIONS, ...(stop && { stop }) },
  });

  it('is done when the savepoint is complete with which the job is stopped', async () => {
    const host = hostOf(2);
    await host.start();
    host.checkpoint(checkpoint(1));
    host.checkpointCompleted(1);
    expect(host.done).to.equal(false);
    host.checkpoint(checkpoint(2, 'suspend'));
    expect(host.done).to.equal(false);
    host.checkpointCompleted(2);
    expect(host.done).to.equal(true);
    expect(events.map(({ kind, to }) => `${kind} ${to}`)).to.deep.equal(['checkpoint 0', 'checkpoint 1', 'checkpoint 0', 'checkpoint 1']);
  });

  it('waits for no reader that had finished', () => {
    expect(hostOf(2, [0]).done).to.equal(false);
    expect(hostOf(2, [0, 1]).done).to.equal(true);
  });
});

const OPTIONS: CheckpointOptions = {
  kind: 'savepoint',
  full: true,
  mode: 'EXACTLY_ONCE',
  unaligned: false,
  alignedTimeoutMs: 0,
  completedCheckpointId: 0,
  exclusiveDirectory: '',
  sharedDirectory: '',
  memoryThresholdBytes: 0,
};
