import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type BlobKey, fromFileUri, toFileUri } from '#core';
import type { PartitioningKind } from '#api';
import { planCheckpoint } from '../../../runtime/checkpoint/checkpoint-plan.js';
import { subtasksOf } from '../../../runtime/plan/subtasks.js';
import { sampleGraph, type SampleVertex, vertexId } from '../../support/sample-graph.js';
import { useTempDirectory } from '../../support/temp-directory.js';
import { settled } from '../../support/until.js';
import { CoordinatorRig } from './coordinator-rig.js';

describe('the checkpoint coordinator', () => {
  const temp = useTempDirectory();

  function rigOf(
    configuration: Readonly<Record<string, string>> = {},
    vertices: readonly SampleVertex[] = [{ parallelism: 2 }, { parallelism: 1 }],
  ): CoordinatorRig {
    return new CoordinatorRig(sampleGraph('b' as BlobKey, vertices), join(temp.path, 'checkpoints'), configuration);
  }

  const minute = { 'execution.checkpointing.interval': '60000', 'execution.checkpointing.timeout': '600000' };

  /** Lets the next one be due and all acknowledge it. */
  async function complete(rig: CoordinatorRig): Promise<number> {
    const before = rig.triggered.length;
    for (let second = 0; second < 200 && rig.triggered.length === before; second++) rig.clock.advance(1000);
    expect(rig.triggered).to.have.length(before + 1);
    const { checkpointId } = rig.triggered.at(-1)!;
    rig.acknowledgeAll(checkpointId);
    await written(rig);
    return checkpointId;
  }

  async function written(rig: CoordinatorRig): Promise<void> {
    await rig.completed.idle();
    await settled(1);
  }

  async function errorOf(work: Promise<unknown>): Promise<Error & { code: string }> {
    return await work.then(
      () => expect.fail('an error was expected'),
      (error: unknown) => error as Error & { code: string },
    );
  }

  it('triggers the sources at the interval, and tells all when everyone has acknowledged', async () => {
    const rig = rigOf(minute);
    rig.coordinator.start();
    expect(await complete(rig)).to.equal(1);
    expect(rig.triggered[0]).to.deep.include({ checkpointId: 1, names: [`${vertexId(0)}/0`, `${vertexId(0)}/1`] });
    expect(rig.notifiedComplete).to.deep.equal([1]);
    rig.clock.advance(60_000);
    expect(rig.triggered).to.have.length(2);
    expect(rig.triggered[1]!.options).to.include({ completedCheckpointId: 1, kind: 'checkpoint', full: false });
    expect(rig.statistics.status().counts).to.deep.equal({ restored: 0, total: 2, inProgress: 1, completed: 1, failed: 0 });
  });

  it('writes them where Flink does, and removes those that are superfluous', async () => {
    const rig = rigOf({ ...minute, 'state.checkpoints.num-retained': '2' });
    rig.coordinator.start();
    for (let count = 0; count < 4; count++) await complete(rig);
    await rig.completed.idle();
    const there = (name: string): boolean => existsSync(join(fromFileUri(rig.root), name));
    expect([1, 2, 3, 4].map((id) => there(`chk-${id}/_metadata`))).to.deep.equal([false, false, true, true]);
    expect(rig.files()).to.deep.equal(rig.needed());
  });

  it('waits for the pause between checkpoints, and begins none while as many as may be are under way', async () => {
    const rig = rigOf({ ...minute, 'execution.checkpointing.min-pause': '50000' });
    rig.coordinator.start();
    rig.clock.advance(200_000);
    expect(rig.triggered).to.have.length(1);
    rig.acknowledgeAll(1);
    await written(rig);
    rig.clock.advance(49_000);
    expect(rig.triggered).to.have.length(1);
    rig.clock.advance(61_000);
    expect(rig.triggered).to.have.length(2);
  });

  it('gives up on a checkpoint that takes too long, and names who did not acknowledge', async () => {
    const rig = rigOf({
      ...minute,
      'execution.checkpointing.timeout': '1000',
      'execution.checkpointing.tolerable-failed-checkpoints': '1',
    });
    rig.coordinator.start();
    const failure = errorOf(rig.coordinator.trigger({ kind: 'checkpoint', full: false }));
    rig.acknowledge(rig.written[1]!);
    rig.clock.advance(1000);
    const error = await failure;
    expect(error).to.include({ code: 'CHECKPOINT_EXPIRED' });
    expect(error.message).to.match(/^Checkpoint 1 of job \w{32} expired before completing\. .* by Step 0 \(1\), Step 1 \(1\)\.$/);
    expect(rig.notifiedAborted).to.deep.equal([1]);
    for (const written of rig.written) rig.acknowledge(written);
    await rig.completed.idle();
    expect(rig.files()).to.be.empty;
    expect(rig.failures).to.be.empty;
  });

  it('fails the job when more in a row fail than are tolerated; one that completes begins anew', async () => {
    const rig = rigOf({ ...minute, 'execution.checkpointing.tolerable-failed-checkpoints': '1' });
    rig.coordinator.start();
    const decline = (): void => {
      void rig.coordinator.trigger({ kind: 'checkpoint', full: false }).catch(() => undefined);
      rig.coordinator.decline(rig.written.at(-1)!.subtask, rig.coordinator.underWay[0]!, new Error('disk full'));
    };
    decline();
    await complete(rig);
    decline();
    expect(rig.failures).to.be.empty;
    decline();
    expect(rig.failures.map(({ code }) => code)).to.deep.equal(['CHECKPOINT_FAILURES_EXCEEDED']);
    expect(rig.failures[0]!.message).to.match(/^Exceeded checkpoint tolerable failure threshold\. .*declined by Step 1 \(1\): disk full/);
  });

  it('makes savepoints that hold everything, refer to nothing else and are not subsumed', async () => {
    const rig = rigOf(minute);
    rig.coordinator.start();
    await complete(rig);
    const directory = toFileUri(join(temp.path, 'savepoint'));
    const savepoint = rig.coordinator.trigger({
      kind: 'savepoint',
      full: false,
      location: { dataDirectory: directory, metadataDirectory: directory },
    });
    expect(rig.triggered.at(-1)!.options).to.include({ full: true, exclusiveDirectory: directory, sharedDirectory: directory });
    await complete(rig);
    expect(rig.coordinator.underWay).to.deep.equal([2]);
    rig.acknowledgeAll(2);
    expect((await savepoint).metadata).to.include({ kind: 'savepoint', checkpointId: 2 });
    expect(rig.completed.latest?.metadata.checkpointId).to.equal(3);
    expect(existsSync(join(temp.path, 'savepoint', '_metadata'))).to.be.true;
    await complete(rig);
    await rig.completed.idle();
    expect(existsSync(join(temp.path, 'savepoint', '_metadata'))).to.be.true;
  });

  it('makes no further checkpoints beside a savepoint that stops the job, and goes on when it fails', async () => {
    const rig = rigOf(minute);
    rig.coordinator.start();
    const directory = toFileUri(join(temp.path, 'savepoint'));
    const stop = errorOf(
      rig.coordinator.trigger({
        kind: 'savepoint',
        full: true,
        stop: 'drain',
        location: { dataDirectory: directory, metadataDirectory: directory },
      }),
    );
    rig.clock.advance(300_000);
    expect(rig.triggered).to.have.length(1);
    rig.coordinator.decline(rig.written[0]!.subtask, 1, new Error('no'));
    await stop;
    rig.clock.advance(60_000);
    expect(rig.triggered).to.have.length(2);
    expect(rig.failures).to.be.empty;
  });

  it('is interrupted when some tasks begin again, and goes on when all run', async () => {
    const rig = rigOf(minute);
    rig.coordinator.start();
    await complete(rig);
    rig.clock.advance(60_000);
    const [first, ...others] = rig.written;
    rig.acknowledge(first!);
    rig.coordinator.interrupt('some of its tasks failed');
    rig.states.set(`${vertexId(1)}/0`, 'FAILED');
    for (const late of others) rig.acknowledge(late);
    rig.clock.advance(600_000);
    expect(rig.triggered).to.have.length(2);
    expect(rig.failures).to.be.empty;
    rig.states.set(`${vertexId(1)}/0`, 'RUNNING');
    expect(await complete(rig)).to.equal(3);
    expect(rig.notifiedComplete).to.deep.equal([1, 3]);
    await rig.completed.idle();
    expect(rig.files()).to.deep.equal(rig.needed());
  });

  it('tells of a savepoint that has stopped the job, until the next attempt', async () => {
    const rig = rigOf(minute);
    rig.coordinator.start();
    const directory = toFileUri(join(temp.path, 'savepoint'));
    const location = { dataDirectory: directory, metadataDirectory: directory };
    const stopped = rig.coordinator.trigger({ kind: 'savepoint', full: true, stop: 'suspend', location });
    expect(rig.coordinator.stopped).to.be.false;
    rig.acknowledgeAll(1);
    await stopped;
    expect(rig.coordinator.stopped).to.be.true;
    rig.restart();
    expect(rig.coordinator.stopped).to.be.false;
  });

  it('cannot begin before all tasks run, and says who does not', async () => {
    const rig = rigOf();
    expect((await errorOf(rig.coordinator.trigger({ kind: 'checkpoint', full: false }))).message).to.contain('not running');
    rig.coordinator.start();
    rig.states.set(`${vertexId(1)}/0`, 'INITIALIZING');
    const { message, code } = await errorOf(rig.coordinator.trigger({ kind: 'checkpoint', full: false }));
    expect(code).to.equal('CHECKPOINT_NOT_POSSIBLE');
    expect(message).to.contain('Not all required tasks are currently running. Task Step 1 (1) is INITIALIZING.');
  });

  it('goes on after tasks have finished: with what they left, and barriers from behind them', async () => {
    const rig = rigOf();
    rig.coordinator.start();
    for (const subtask of subtasksOf(rig.graph).slice(0, 2)) rig.finish(subtask);
    const done = rig.coordinator.trigger({ kind: 'checkpoint', full: false });
    expect(rig.triggered[0]!.names).to.deep.equal([`${vertexId(1)}/0`]);
    rig.acknowledgeAll(1);
    const { metadata } = await done;
    expect(metadata.finished).to.deep.equal([
      { vertexId: vertexId(0), name: 'Step 0', parallelism: 2, subtasks: new Map([0, 1].map((index) => [index, rig.leftBy()])) },
    ]);
  });

  it('counts a task that finishes meanwhile as one that has acknowledged', async () => {
    const rig = rigOf();
    rig.coordinator.start();
    const done = rig.coordinator.trigger({ kind: 'checkpoint', full: false });
    rig.finish(rig.written[0]!.subtask);
    rig.acknowledgeAll(1);
    expect((await done).metadata.finished.map(({ subtasks }) => [...subtasks.keys()])).to.deep.equal([[0]]);
  });

  it('tells the other readers of a source itself when subtask 0, with the enumerator, has ended', async () => {
    const rig = rigOf();
    rig.coordinator.start();
    const done = rig.coordinator.trigger({ kind: 'checkpoint', full: false });
    rig.finish({ vertexId: vertexId(0), subtaskIndex: 0 });
    expect(rig.triggered[1]).to.deep.include({ checkpointId: 1, names: [`${vertexId(0)}/1`] });
    rig.acknowledgeAll(1);
    await done;
  });

  it('refuses a snapshot that refers to what no complete checkpoint has', async () => {
    const rig = rigOf();
    rig.coordinator.start();
    const failure = errorOf(rig.coordinator.trigger({ kind: 'checkpoint', full: false }));
    const written = rig.written[0]!;
    const operator = written.snapshot.operators[vertexId(0)]!;
    const segments = operator.keyed!.segments.map((segment) => ({ ...segment, fresh: false, id: 'unknown' }));
    const snapshot = { ...written.snapshot, operators: { [vertexId(0)]: { ...operator, keyed: { ...operator.keyed!, segments } } } };
    rig.coordinator.acknowledge(written.subtask, 1, snapshot);
    expect((await failure).message).to.contain('refers to state that no complete checkpoint has');
  });

  it('aborts what is under way when the attempt ends, and says why', async () => {
    const rig = rigOf(minute);
    rig.coordinator.start();
    const failure = errorOf(rig.coordinator.trigger({ kind: 'checkpoint', full: false }));
    rig.coordinator.suspend('a task failed');
    expect((await failure).message).to.match(/^Checkpoint 1 of job \w+ was aborted: a task failed$/);
    expect(rig.clock.pendingTimers).to.equal(0);
    rig.clock.advance(200_000);
    expect(rig.triggered).to.have.length(1);
  });

  it('begins behind a checkpoint that the job was restored from, and builds on nothing of the user', async () => {
    const rig = rigOf();
    rig.coordinator.beginAfter(7, true);
    rig.coordinator.start();
    const trigger = async (): Promise<void> => {
      const done = rig.coordinator.trigger({ kind: 'checkpoint', full: false });
      rig.acknowledgeAll(rig.coordinator.underWay[0]!);
      await done;
    };
    await trigger();
    await trigger();
    expect(rig.triggered.map(({ checkpointId, options }) => [checkpointId, options.full])).to.deep.equal([
      [8, true],
      [9, false],
    ]);
  });

  describe('its plan', () => {
    const planOf = (partitioning: PartitioningKind, finished: readonly string[]): unknown => {
      const graph = sampleGraph('b' as BlobKey, [{ parallelism: 2 }, { parallelism: 2, partitioning }]);
      const plan = planCheckpoint(graph, ({ vertexId: id, subtaskIndex }) =>
        finished.includes(`${Number.parseInt(id, 16)}/${subtaskIndex}`) ? 'FINISHED' : 'RUNNING',
      );
      return 'toTrigger' in plan && plan.toTrigger.map(({ vertexId: id, subtaskIndex }) => `${Number.parseInt(id, 16)}/${subtaskIndex}`);
    };

    it('begins where all inputs have finished, by the channels there are', () => {
      expect(planOf('rebalance', [])).to.deep.equal(['0/0', '0/1']);
      expect(planOf('rebalance', ['0/0'])).to.deep.equal(['0/1']);
      expect(planOf('forward', ['0/0'])).to.deep.equal(['0/1', '1/0']);
      expect(planOf('rebalance', ['0/0', '0/1'])).to.deep.equal(['1/0', '1/1']);
    });
  });
});
