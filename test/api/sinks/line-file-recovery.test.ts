import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newJobId } from '#core';
import { type FinishStep, type SinkWriter, TextFileSink } from '#api';
import { testSinkContext } from '../../support/sink-driver.js';
import { useTempDirectory } from '../../support/temp-directory.js';

describe('plain files and checkpoints', () => {
  const directory = useTempDirectory();
  const jobId = newJobId();
  const fail = (error: unknown): void => expect.fail(String(error));

  async function writerOf(attempt: number, restored: readonly unknown[] = [], job = jobId): Promise<SinkWriter<string>> {
    const context = testSinkContext({ jobId: job, attempt, checkpointing: true }, { fail });
    const writer = new TextFileSink<string>(join(directory.path, 'out')).createWriter(context, restored);
    await writer.open?.();
    return writer;
  }
  const contentsOf = ([step]: readonly FinishStep[]): string =>
    readFileSync(new URL(step?.kind === 'rename' ? step.from : 'file:///none'), 'utf8');

  it('go on in their file from where the checkpoint found it', async () => {
    const first = await writerOf(0);
    first.write('a', 0);
    const snapshot = first.snapshot!(1);
    first.write('lost', 0);
    const { state, committables } = await snapshot;
    expect(committables).to.deep.equal([]);
    await first.flush(false);
    await first.close();
    for (const attempt of [1, 2]) {
      const next = await writerOf(attempt, state);
      next.write('b', 0);
      expect(contentsOf(await next.flush(true))).to.equal('a\nb\n');
      await next.close();
    }
    expect(readdirSync(join(directory.path, `.out.${jobId}`))).to.deep.equal(['0-0']);
  });

  it('are whole in a checkpoint after their end', async () => {
    const first = await writerOf(3);
    first.write('a', 0);
    const steps = await first.flush(true);
    const { state } = await first.snapshot!(2);
    await first.close();
    const next = await writerOf(4, state);
    expect(await next.flush(true)).to.deep.equal(steps);
    expect(contentsOf(steps)).to.equal('a\n');
    await next.close();
  });

  it('begin anew in a job that starts from the savepoint of another', async () => {
    const first = await writerOf(5);
    first.write('a', 0);
    const { state } = await first.snapshot!(3);
    await first.close();
    const other = await writerOf(0, state, newJobId());
    other.write('b', 0);
    expect(contentsOf(await other.flush(true))).to.equal('b\n');
    await other.close();
  });
});
