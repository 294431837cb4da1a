import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { FileExistsError, fileSystems, newJobId } from '#core';
import { CsvFileSink, TextFileSink, type FinishStep, type Sink } from '#api';
import { runSink, SinkSubtask, type SinkDriverOptions } from '../../support/sink-driver.js';
import { useTempDirectory } from '../../support/temp-directory.js';

/** What the JobManager does when a job has succeeded. */
async function finish(steps: readonly FinishStep[]): Promise<void> {
  const { fileSystem } = fileSystems.resolve('/');
  for (const step of steps) if (step.kind === 'delete') await fileSystem.delete(step.path, { recursive: true });
  for (const step of steps) {
    if (step.kind !== 'rename') continue;
    await fileSystem.makeDirectories(step.to.slice(0, step.to.lastIndexOf('/')));
    await fileSystem.rename(step.from, step.to, { overwrite: step.overwrite });
  }
}

async function runJob<T>(sink: Sink<T>, parts: readonly (readonly T[])[], options: SinkDriverOptions = {}): Promise<void> {
  const { configuration = {} } = options;
  await sink.validate?.({ parallelism: parts.length, configuration });
  const jobId = newJobId();
  const steps: FinishStep[] = [];
  for (const [subtaskIndex, part] of parts.entries()) {
    steps.push(...(await runSink(sink, part, { ...options, jobId, subtaskIndex, parallelism: parts.length })).steps);
  }
  await finish(steps);
  for (const path of sink.scratch?.(jobId) ?? []) await fileSystems.resolve(path).fileSystem.delete(path, { recursive: true });
}

describe('file sinks', () => {
  const directory = useTempDirectory();
  const at = (...names: string[]): string => join(directory.path, ...names);
  const text = (...names: string[]): string => readFileSync(at(...names), 'utf8');

  it('write a file when one subtask writes', async () => {
    await runJob(new TextFileSink(at('out')), [['to be', 'or not']]);
    expect(text('out')).to.equal('to be\nor not\n');
    expect(readdirSync(directory.path)).to.deep.equal(['out']);
  });

  it('write a directory with a file for each subtask', async () => {
    await runJob(new TextFileSink(at('out')), [['a'], [], ['c', 'd']]);
    expect(readdirSync(at('out'))).to.deep.equal(['1', '2', '3']);
    expect([text('out', '1'), text('out', '2'), text('out', '3')]).to.deep.equal(['a\n', '', 'c\nd\n']);
  });

  it('always write a directory when the configuration says so', async () => {
    await runJob(new TextFileSink(at('out')), [['a']], { configuration: { 'fs.output.always-create-directory': 'true' } });
    expect(text('out', '1')).to.equal('a\n');
  });

  it('show nothing before the job has succeeded', async () => {
    const jobId = newJobId();
    const sink = new TextFileSink(at('out'));
    const { steps } = await runSink(sink, ['a'], { jobId, attempt: 3 });
    expect(existsSync(at('out'))).to.equal(false);
    expect(text(`.out.${jobId}`, '3-0')).to.equal('a\n');
    expect(sink.scratch(jobId)).to.deep.equal([`file://${at(`.out.${jobId}`)}`]);
    expect(steps).to.deep.equal([
      { kind: 'rename', from: `file://${at(`.out.${jobId}`, '3-0')}`, to: `file://${at('out')}`, overwrite: false },
    ]);
  });

  it('refuse to overwrite, unless the call or the configuration says so; the call wins', async () => {
    writeFileSync(at('out'), 'old');
    const overwrite = { configuration: { 'fs.overwrite-files': 'TRUE' } };
    const refused = async (sink: Sink<string>, options: SinkDriverOptions): Promise<unknown> => {
      const error: unknown = await runJob(sink, [['new']], options).catch((failure: unknown) => failure);
      return error;
    };
    const error = await refused(new TextFileSink(at('out')), {});
    expect(error)
      .to.be.instanceOf(FileExistsError)
      .with.property('message')
      .that.matches(/^File or directory already exists\. .* NO_OVERWRITE mode/);
    expect(await refused(new TextFileSink(at('out'), 'NO_OVERWRITE'), overwrite)).to.be.instanceOf(FileExistsError);
    expect(text('out')).to.equal('old');
    expect(await refused(new TextFileSink(at('out')), overwrite)).to.equal(undefined);
    expect(text('out')).to.equal('new\n');
    await runJob(new TextFileSink(at('out'), 'OVERWRITE'), [['newer']]);
    expect(text('out')).to.equal('newer\n');
  });

  it('refuse a directory with files in it, but take an empty one', async () => {
    mkdirSync(at('out'));
    await runJob(new TextFileSink(at('out')), [['a'], ['b']]);
    const error: unknown = await runJob(new TextFileSink(at('out')), [['a'], ['b']]).catch((failure: unknown) => failure);
    expect(error).to.be.instanceOf(FileExistsError);
  });

  it('replace whole directories, and directories by files', async () => {
    await runJob(new TextFileSink(at('out')), [['a'], ['b'], ['c']]);
    await runJob(new TextFileSink(at('out'), 'OVERWRITE'), [['d'], ['e']]);
    expect(readdirSync(at('out'))).to.deep.equal(['1', '2']);
    expect(text('out', '2')).to.equal('e\n');
    await runJob(new TextFileSink(at('out'), 'OVERWRITE'), [['f']]);
    expect(text('out')).to.equal('f\n');
    await runJob(new TextFileSink(at('out'), 'OVERWRITE'), [['g'], ['h']]);
    expect(readdirSync(at('out'))).to.deep.equal(['1', '2']);
  });

  it('write much more than their buffers, blocked when the disk is behind', async () => {
    const subtask = new SinkSubtask(new TextFileSink<string>(at('out')));
    await subtask.writer.open!();
    const lines = Array.from({ length: 100_000 }, (_, i) => `line ${i} äöü`);
    let wasBlocked = false;
    for (const line of lines) {
      subtask.writer.write(line, 0);
      if (!subtask.writer.blocked) continue;
      wasBlocked = true;
      await subtask.woken(() => !subtask.writer.blocked);
    }
    await finish(await subtask.writer.flush(true));
    await subtask.writer.close();
    expect(wasBlocked).to.equal(true);
    expect(text('out')).to.equal(`${lines.join('\n')}\n`);
  });

  it('bring out what they have when flushed in between', async () => {
    const jobId = newJobId();
    const subtask = new SinkSubtask(new TextFileSink<string>(at('out')), { jobId });
    await subtask.writer.open!();
    subtask.writer.write('a', 0);
    expect(await subtask.writer.flush(false)).to.deep.equal([]);
    expect(text(`.out.${jobId}`, '0-0')).to.equal('a\n');
    await subtask.writer.close();
  });

  it('write the path of the submission', async () => {
    const replayed = new TextFileSink<string>('elsewhere');
    replayed.adoptShipped(new TextFileSink(at('out')).shipped());
    await runJob(replayed, [['a']]);
    expect(text('out')).to.equal('a\n');
  });

  it('write tuples and objects as CSV, quoted where they must be', async () => {
    const records = [['a', 1], { word: 'to be, "or" not', count: 2 }, ['', null], 'line\nbreak', new Date(0), [true, 10n]];
    await runJob(new CsvFileSink<unknown>(at('out')), [records]);
    expect(text('out')).to.equal('a,1\n"to be, ""or"" not",2\n,\n"line\nbreak"\n1970-01-01T00:00:00.000Z\ntrue,10\n');
  });

  it('separate fields and rows as they are told', async () => {
    const sink = new CsvFileSink<unknown>(at('out'), undefined, { fieldDelimiter: '|', rowDelimiter: ';' });
    await runJob(sink, [
      [
        ['a,b', 'c|d'],
        [1, 2],
      ],
    ]);
    expect(text('out')).to.equal('a,b|"c|d";1|2;');
  });
});
