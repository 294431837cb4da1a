import { expect } from 'chai';
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BlobKey, fileSystems, fromFileUri, joinPath, SeededRandom, toFileUri } from '#core';
import { Configuration } from '#conf';
import type { CheckpointTargets } from '../../../runtime/checkpoint/checkpoint-targets.js';
import type { BytesHandle, CheckpointOptions, SubtaskSnapshot } from '../../../runtime/checkpoint/handles.js';
import { JobCheckpoints } from '../../../runtime/checkpoint/job-checkpoints.js';
import { SnapshotDamagedError } from '../../../runtime/checkpoint/storage/errors.js';
import { serializeError } from '../../../runtime/control/serialized-error.js';
import type { JobGraph } from '../../../runtime/plan/job-graph.js';
import { DamagedStateError } from '../../../runtime/state/segment/errors.js';
import { OperatorFailedError } from '../../../runtime/task/operator-failure.js';
import { ManualClock } from '../../support/manual-clock.js';
import { keyedSnapshot, segment, subtaskSnapshot } from '../../support/sample-checkpoint.js';
import { sampleGraph } from '../../support/sample-graph.js';
import { useTempDirectory } from '../../support/temp-directory.js';

const STATE = 'total';

/** A job of one subtask, which at once acknowledges each checkpoint with a segment and a list, each in a file. */
class Job implements CheckpointTargets {
  readonly warnings: string[] = [];
  readonly checkpoints: JobCheckpoints;

  constructor(
    readonly graph: JobGraph,
    directory: string,
    more: Readonly<Record<string, string>> = {},
  ) {
    const log = (): void => undefined;
    const warn = (message: string, context: object = {}): void => void this.warnings.push(`${message} ${JSON.stringify(context)}`);
    this.checkpoints = new JobCheckpoints({
      graph,
      configuration: Configuration.of({ 'execution.checkpointing.dir': directory, 'state.checkpoints.num-retained': '3', ...more }),
      targets: this,
      files: fileSystems,
      clock: new ManualClock(),
      random: new SeededRandom(1),
      logger: { debug: log, info: log, warn, error: log },
      history: 10,
    });
  }

  async complete(count: number): Promise<void> {
    this.checkpoints.coordinator.start();
    for (let left = count; left > 0; left--) await this.checkpoints.triggerCheckpoint({ full: false });
    this.checkpoints.coordinator.suspend('the job fails');
  }

  async begin(): Promise<number | undefined> {
    const plan = await this.checkpoints.beginning();
    return plan?.subtasks[0]?.checkpointId;
  }

  /** Absolute paths of the files of a checkpoint. */
  files(checkpointId: number): { readonly metadata: string; readonly segment: string; readonly list: string } {
    const root = join(this.directory, this.graph.jobId);
    const own = join(root, `chk-${checkpointId}`);
    return { metadata: join(own, '_metadata'), segment: join(root, 'shared', `segment-${checkpointId}`), list: join(own, 'list') };
  }

  get directory(): string {
    return fromFileUri(this.checkpoints.settings.dataDirectory!);
  }

  stateOf(): 'RUNNING' {
    return 'RUNNING';
  }
  describe(): string {
    return 'Step 0';
  }
  leftBy(): { steps: []; accumulators: Record<string, never> } {
    return { steps: [], accumulators: {} };
  }
  trigger(_subtasks: unknown, checkpointId: number, _timestampMs: number, options: CheckpointOptions): void {
    const [vertex] = this.graph.vertices;
    queueMicrotask(() => {
      this.checkpoints.coordinator.acknowledge({ vertexId: vertex!.id, subtaskIndex: 0 }, checkpointId, this.#write(checkpointId, options));
    });
  }
  notifyComplete(): void {}
  notifyAborted(): void {}
  failJob(): void {}

  #write(checkpointId: number, { sharedDirectory, exclusiveDirectory }: CheckpointOptions): SubtaskSnapshot {
    const kept = keyedSnapshot([segment(`s${checkpointId}`, file(joinPath(sharedDirectory, `segment-${checkpointId}`)))]);
    const states = [{ name: STATE, kind: 'value', type: undefined }];
    const elements = file(joinPath(exclusiveDirectory, 'list'));
    const operator = { keyed: { ...kept.keyed!, states }, lists: { offsets: { mode: 'split', count: 1, elements } as const } };
    return subtaskSnapshot({ [this.graph.vertices[0]!.operators[0]!.operatorId]: operator });
  }
}

function file(uri: string): BytesHandle {
  const path = fromFileUri(uri);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '12345');
  return { kind: 'file', path: uri, sizeBytes: 5 };
}

/** As a slot tells that it met the file. */
function metIn(path: string): ReturnType<typeof serializeError> {
  return serializeError(new OperatorFailedError('Step 0', '1/1', new DamagedStateError(toFileUri(path), 'the checksum does not fit')));
}

describe('the checkpoints of a job', () => {
  const temp = useTempDirectory();
  const newJob = (more: Readonly<Record<string, string>> = {}): Job =>
    new Job(sampleGraph('b' as BlobKey, [{ parallelism: 1 }]), temp.path, more);

  const damages: readonly [string, (files: ReturnType<Job['files']>) => void, RegExp][] = [
    [
      'a file is gone',
      ({ segment: path }) => rmSync(path),
      /keyed state "total" of operator ".*" \(subtask 1\/1\): file ".*segment-3" .* it is gone/,
    ],
    [
      'a file was cut off',
      ({ list }) => truncateSync(list, 3),
      /operator state "offsets" of operator .*: file ".*list" .* 3 bytes instead of 5/,
    ],
    ['the metadata are gone', ({ metadata }) => rmSync(metadata), /Cannot find meta data file '_metadata'/],
    ['the metadata were cut off', ({ metadata }) => truncateSync(metadata, 40), /_metadata\\" cannot be read .* it is cut off/],
    ['the metadata were changed', ({ metadata }) => flip(metadata), /_metadata\\" cannot be read .* its checksum does not fit/],
  ];
  for (const [what, damage, told] of damages) {
    it(`give way to the one before when ${what}, and say what is wrong where`, async () => {
      const job = newJob();
      await job.complete(3);
      damage(job.files(3));
      expect(await job.begin()).to.equal(2);
      expect(job.warnings).to.have.length(1);
      expect(job.warnings[0]!.replaceAll(String.raw`\"`, '"')).to.match(new RegExp(told.source.replaceAll(String.raw`\\`, '')));
      expect(job.warnings[0]).to.include('checkpoint 3 cannot be restored from, checkpoint 2 is taken instead');
    });
  }

  it('are given up one by one when a slot meets damage, and never make a job begin from nothing', async () => {
    const job = newJob();
    await job.complete(3);
    for (const id of [3, 2, 1]) {
      expect(await job.begin()).to.equal(id);
      job.checkpoints.attemptFailed(metIn(job.files(id).segment));
    }
    const error = await job.begin().catch((cause: unknown) => cause as Error & { code: string });
    expect(error).to.include({ code: 'NO_READABLE_CHECKPOINT' });
    expect((error as Error).message).to.match(/none of the checkpoints .*chk-3": keyed state "total" .*; ".*chk-2": .*; ".*chk-1": /);
  });

  it('are not given up for other failures, nor when a later one has been made since', async () => {
    const job = newJob();
    await job.complete(2);
    expect(await job.begin()).to.equal(2);
    job.checkpoints.attemptFailed(serializeError(new Error('no damage')));
    expect(await job.begin()).to.equal(2);
    await job.complete(1);
    job.checkpoints.attemptFailed(metIn(job.files(2).segment));
    expect(await job.begin()).to.equal(3);
  });

  it('bring the whole job back when regions of it cannot begin from the latest', async () => {
    const job = newJob();
    await job.complete(3);
    expect((await job.checkpoints.beginningBeside())?.subtasks[0]?.checkpointId).to.equal(3);
    expect(job.checkpoints.restartsWhole(serializeError(new Error('no damage')))).to.be.undefined;
    expect(job.checkpoints.restartsWhole(metIn(job.files(3).segment))).to.include('damaged');
    rmSync(job.files(3).segment);
    const error = await job.checkpoints.beginningBeside().catch((cause: unknown) => cause as Error & { code: string });
    expect(error).to.include({ code: 'OLDER_CHECKPOINT' });
    expect((error as Error).message).to.match(/^checkpoint 3 can be read no more, .* keyed state "total" .* it is gone/);
    expect(await job.begin()).to.equal(2);
  });

  it('that were given for the start are the only ones: their damage is one error', async () => {
    const first = newJob();
    await first.complete(1);
    const { segment: path, metadata } = first.files(1);
    const second = newJob({ 'execution.savepoint.path': dirname(metadata) });
    expect(await second.begin()).to.equal(1);
    second.checkpoints.attemptFailed(serializeError(new SnapshotDamagedError(toFileUri(path), 'it ends after 3 bytes')));
    const error = await second.begin().catch((cause: unknown) => cause as Error);
    expect((error as Error).message).to.match(
      /^cannot restore from "file:.*chk-1": keyed state "total" of operator .* it ends after 3 bytes$/,
    );
  });
});

function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(path, bytes);
}
