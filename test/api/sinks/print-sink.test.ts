import { expect } from 'chai';
import { PrintSink } from '#api';
import { ManualClock } from '../../support/manual-clock.js';
import { runSink, SinkSubtask } from '../../support/sink-driver.js';

describe('PrintSink', () => {
  const printed = async (identifier: string | undefined, parallelism: number): Promise<string> =>
    (await runSink(new PrintSink('stdout', identifier), ['a'], { parallelism, subtaskIndex: parallelism - 1 })).output;

  it('begins lines as Flink does', async () => {
    expect(await printed(undefined, 1)).to.equal('a\n');
    expect(await printed(undefined, 3)).to.equal('3> a\n');
    expect(await printed('top', 1)).to.equal('top> a\n');
    expect(await printed('top', 3)).to.equal('top:3> a\n');
  });

  it('prints what has waited for 100 ms, in one piece', () => {
    const clock = new ManualClock();
    const subtask = new SinkSubtask(new PrintSink<string>('stderr'), { clock });
    subtask.writer.write('a', 0);
    subtask.writer.write('b', 0);
    clock.advance(99);
    expect(subtask.printed).to.deep.equal([]);
    clock.advance(1);
    expect(subtask.printed).to.deep.equal([{ stream: 'stderr', text: 'a\nb\n' }]);
    subtask.writer.write('c', 0);
    clock.advance(100);
    expect(subtask.output).to.equal('a\nb\nc\n');
  });

  it('prints many records in few pieces', async () => {
    const subtask = new SinkSubtask(new PrintSink<number>('stdout'));
    for (let i = 0; i < 10_000; i++) subtask.writer.write(i, 0);
    await subtask.writer.flush(true);
    expect(subtask.printed.length).to.be.lessThan(10);
    expect(subtask.output.split('\n').length).to.equal(10_001);
  });

  it('prints what is left when it is closed after an error', async () => {
    const clock = new ManualClock();
    const subtask = new SinkSubtask(new PrintSink<string>('stdout'), { clock });
    subtask.writer.write('a', 0);
    await subtask.writer.close();
    expect(subtask.output).to.equal('a\n');
    expect(clock.pendingTimers).to.equal(0);
  });
});
