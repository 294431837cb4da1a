import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { fileSystems, newJobId, RecoverableWritesUnsupportedError, type JobId } from '#core';
import {
  BasePathBucketAssigner,
  BasePathBucketer,
  BucketingSink,
  DateTimeBucketAssigner,
  DefaultRollingPolicy,
  FileSink,
  InvalidProgramError,
  NO_CHECKPOINT,
  OnCheckpointRollingPolicy,
  SimpleStringEncoder,
  StringWriter,
} from '#api';
import { inProgressMark, partPaths } from '../../../../api/sinks/files/part-names.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { SinkSubtask } from '../../../support/sink-driver.js';
import { useTempDirectory } from '../../../support/temp-directory.js';

const NAME = /^part-[0-9a-f-]{36}-\d+$/;
const HIDDEN = /^\.part-[0-9a-f-]{36}-\d+\.inprogress\.[0-9a-f-]{36}$/;

describe('FileSink', () => {
  const directory = useTempDirectory();
  const out = (): string => join(directory.path, 'out');
  const inBase = (): FileSink<string> =>
    FileSink.forRowFormat(out(), new SimpleStringEncoder<string>()).withBucketAssigner(new BasePathBucketAssigner()).build();

  it('names files as Flink does, hidden until they are committed', async () => {
    const sink = inBase();
    const { writer } = new SinkSubtask(sink, { checkpointing: true });
    await writer.open?.();
    writer.write('to be', 0);
    await writer.flush(false);
    expect(readdirSync(out())).to.have.lengthOf(1);
    expect(readdirSync(out())[0]).to.match(HIDDEN);
    await writer.flush(true);
    const { state, committables } = (await writer.snapshot?.(1)) ?? { state: [], committables: [] };
    await writer.close();
    expect(state).to.deep.equal([]);
    expect(readdirSync(out())[0]).to.match(HIDDEN);
    await sink.createCommitter().commit(committables, { restored: false });
    expect(readdirSync(out())).to.have.lengthOf(1);
    expect(readdirSync(out())[0]).to.match(NAME);
  });

  it('shows everything at the end of a job without checkpoints, which leaves nothing when it fails', async () => {
    const jobId = newJobId();
    const sink = inBase();
    const { writer } = new SinkSubtask(sink, { jobId });
    await writer.open?.();
    writer.write('to be', 0);
    await writer.flush(true);
    const committables = (await writer.snapshot?.(NO_CHECKPOINT))?.committables ?? [];
    await writer.close();
    const steps = sink.createCommitter().finishSteps?.(committables) ?? [];
    expect(steps).to.have.lengthOf(1);
    expect(steps[0]).to.include({ kind: 'rename', overwrite: false });
    expect(sink.scratch(jobId)).to.deep.equal([`file://${out()}/.inprogress.${jobId}`]);
    expect(readdirSync(out())).to.deep.equal([`.inprogress.${jobId}`]);
  });

  it('sorts records into buckets and ends files by size and by time', async () => {
    const clock = new ManualClock();
    const policy = DefaultRollingPolicy.builder()
      .withMaxPartSize('4 b')
      .withRolloverInterval('1 h')
      .withInactivityInterval('10 s')
      .build<string>();
    const sink = FileSink.forRowFormat(out(), { encode: (value: string) => Buffer.from(value) })
      .withBucketAssigner({ getBucketId: (value, { timestamp }) => `${value[0]}-${timestamp}` })
      .withRollingPolicy(policy)
      .withBucketCheckInterval('1 s')
      .withOutputFileConfig({ partPrefix: 'p', partSuffix: '.txt' })
      .build();
    const { writer } = new SinkSubtask(sink, { clock, checkpointing: true });
    await writer.open?.();
    for (const value of ['aaa', 'aaa', 'aaa', 'bbb']) writer.write(value, 7);
    expect((await writer.snapshot?.(1))?.committables).to.have.lengthOf(1);
    clock.advance(9000);
    writer.write('b', 7);
    clock.advance(5000);
    const { state, committables } = (await writer.snapshot?.(2)) ?? { state: [], committables: [] };
    expect(state).to.have.lengthOf(1);
    await sink.createCommitter().commit(committables, { restored: false });
    await writer.close();
    const shown = (bucket: string): string[] => readdirSync(join(out(), bucket)).filter((name) => !name.startsWith('.'));
    expect(shown('b-7')).to.deep.equal([]);
    expect(shown('a-7')).to.have.lengthOf(1);
    expect(shown('a-7')[0]).to.match(/^p-.*\.txt$/);
    expect(readFileSync(join(out(), 'a-7', shown('a-7')[0] ?? ''), 'utf8')).to.equal('aaa');
  });

  it('has the settings of Flink 1.4 as BucketingSink', async () => {
    const sink = new BucketingSink<string>(out())
      .setBucketer(new BasePathBucketer<string>())
      .setWriter(new StringWriter<string>())
      .setBatchSize('3 b')
      .setPartPrefix('p');
    const { writer } = new SinkSubtask(sink, { checkpointing: true, clock: new ManualClock() });
    await writer.open?.();
    for (const value of ['to be', 'or']) writer.write(value, 0);
    const { committables, state } = (await writer.snapshot?.(1)) ?? { state: [], committables: [] };
    await writer.close();
    expect([committables.length, state.length]).to.deep.equal([1, 1]);
    await sink.createCommitter().commit(committables, { restored: false });
    const [name = ''] = readdirSync(out()).filter((file) => !file.startsWith('.'));
    expect(name).to.match(/^p-/);
    expect(readFileSync(join(out(), name), 'utf8')).to.equal('to be\n');
  });

  it('is blocked when the disk is behind, and holds no more than its budget', async () => {
    const subtask = new SinkSubtask(inBase(), { checkpointing: true });
    await subtask.writer.open?.();
    const line = 'x'.repeat(10_000);
    let blocked = 0;
    for (let written = 0; written < 2000; written++) {
      if (subtask.writer.blocked) {
        blocked++;
        await subtask.woken(() => !subtask.writer.blocked);
      }
      subtask.writer.write(line, 0);
    }
    await subtask.writer.flush(false);
    await subtask.writer.close();
    expect(blocked).to.be.greaterThan(0);
    expect(subtask.failures).to.deep.equal([]);
  });

  it('refuses a file system that cannot go on with files', () => {
    const local = fileSystems.resolve('/').fileSystem;
    fileSystems.registerFileSystem(
      'poor',
      () => Object.create(local, { scheme: { value: 'poor' }, recoverableWriter: { value: undefined } }) as typeof local,
    );
    const sink = FileSink.forBulkFormat<string>('poor://host/out', {
      create: () => ({ addElement: () => undefined, finish: () => undefined }),
    });
    expect(() => sink.withRollingPolicy(OnCheckpointRollingPolicy.build()).build().createCommitter()).to.throw(
      RecoverableWritesUnsupportedError,
      /"poor"/,
    );
  });

  it('has marks in the names of files in progress that tell who wrote them', () => {
    const jobId = newJobId();
    const mark = { jobId, subtaskIndex: 4711, epoch: 123_456 };
    const { temporary } = partPaths('file:///out', 'part-0', mark);
    expect(inProgressMark(temporary, jobId)).to.deep.equal(mark);
    expect(inProgressMark(temporary, newJobId())).to.equal(undefined);
    expect(inProgressMark('file:///out/part-0', jobId)).to.equal(undefined);
    expect(inProgressMark('file:///out/.part-0.inprogress.8c6b', '00'.repeat(16) as JobId)).to.equal(undefined);
  });
});

describe('DateTimeBucketAssigner', () => {
  const bucketAt = (time: string, pattern?: string, zone = 'UTC'): string =>
    new DateTimeBucketAssigner(pattern, zone).getBucketId('', { currentProcessingTime: Date.parse(time), timestamp: 0 });

  it('makes a bucket an hour, in its time zone', () => {
    expect(bucketAt('2024-02-29T23:59:59.999Z')).to.equal('2024-02-29--23');
    expect(bucketAt('2024-02-29T23:59:59.999Z', undefined, 'Asia/Kolkata')).to.equal('2024-03-01--05');
    expect(bucketAt('2024-03-31T01:00:00Z', undefined, 'Europe/Berlin')).to.equal('2024-03-31--03');
    expect(bucketAt('2024-03-31T00:59:59Z', undefined, 'Europe/Berlin')).to.equal('2024-03-31--01');
  });

  it('knows the letters of Java and quoted text', () => {
    expect(bucketAt('2024-02-03T04:05:06.078Z', "'year='yyyy/MM/d/HH-mm:ss.SSS yy ''")).to.equal("year=2024/02/3/04-05:06.078 24 '");
  });

  it('goes on with time', () => {
    const assigner = new DateTimeBucketAssigner('HH:mm', 'UTC');
    const at = (ms: number): string => assigner.getBucketId('', { currentProcessingTime: ms, timestamp: 0 });
    expect([0, 59_999, 60_000, 3_600_000, 0].map(at)).to.deep.equal(['00:00', '00:00', '00:01', '01:00', '00:00']);
  });

  it('says what it does not understand', () => {
    expect(() => new DateTimeBucketAssigner('yyyy QQ')).to.throw(InvalidProgramError, /"QQ"/);
    expect(() => new DateTimeBucketAssigner("yyyy 'open")).to.throw(InvalidProgramError);
    expect(() => new DateTimeBucketAssigner('yyyy', 'Atlantis')).to.throw(InvalidProgramError, /Atlantis/);
  });
});
