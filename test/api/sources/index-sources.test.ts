import { expect } from 'chai';
import { CollectionSource, DataGeneratorSource, InvalidProgramError, SequenceSource, SplittableSource } from '#api';
import { ManualClock } from '../../support/manual-clock.js';
import { runSource, startSource } from '../../support/source-driver.js';

describe('sources of indexed records', () => {
  it('divide a collection into contiguous parts', async () => {
    expect(await runSource(new CollectionSource([1, 2, 3, 4, 5], true), { parallelism: 3 })).to.deep.equal([[1, 2], [3, 4], [5]]);
    expect(await runSource(new CollectionSource([1], true), { parallelism: 3 })).to.deep.equal([[1], [], []]);
    expect(await runSource(new CollectionSource([]))).to.deep.equal([[]]);
  });

  it('emit the elements of the submission', async () => {
    const submitted = new CollectionSource(new Set(['a', 'b']));
    const replayed = new CollectionSource(['x']);
    replayed.adoptShipped(submitted.shipped());
    expect(await runSource(replayed)).to.deep.equal([['a', 'b']]);
  });

  it('take no null elements', () => {
    expect(() => new CollectionSource([1, undefined])).to.throw(InvalidProgramError, 'Collection contains a null element');
  });

  it('count a sequence with both ends', async () => {
    expect(await runSource(new SequenceSource(-1, 5), { parallelism: 2 })).to.deep.equal([
      [-1, 0, 1, 2],
      [3, 4, 5],
    ]);
    expect(() => new SequenceSource(2, 1)).to.throw(InvalidProgramError, 'Start of sequence must not be greater than the end');
  });

  it('let a collection divide itself', async () => {
    const evens = { split: (parts: number) => Array.from({ length: parts }, (_, part) => [part, part + parts]) };
    expect(await runSource(new SplittableSource(evens), { parallelism: 2 })).to.deep.equal([
      [0, 2],
      [1, 3],
    ]);
    const wrong = new SplittableSource({ split: () => [[1]] });
    expect(await runSource(wrong, { parallelism: 2 }).catch((error: unknown) => error)).to.be.instanceOf(InvalidProgramError);
  });

  it('generate records from contiguous ranges of indexes, also when blocked', async () => {
    const source = new DataGeneratorSource((index) => index * 10, 7);
    expect(source.boundedness).to.equal('bounded');
    expect(await runSource(source, { parallelism: 3, maxRecords: 2, blockAfter: 1 })).to.deep.equal([
      [0, 10, 20],
      [30, 40],
      [50, 60],
    ]);
    expect(new DataGeneratorSource((index) => index).boundedness).to.equal('unbounded');
  });

  it('go on where a snapshot was taken', async () => {
    const source = new DataGeneratorSource((index) => index, 10);
    const [subtask] = await startSource(source, { maxRecords: 4 });
    subtask!.poll();
    const restored = subtask!.reader.snapshot!();
    expect(await runSource(source, { restored })).to.deep.equal([[4, 5, 6, 7, 8, 9]]);
  });

  it('keep a rate by the clock', async () => {
    const clock = new ManualClock();
    const [subtask] = await startSource(new DataGeneratorSource((index) => index, 1000, { ratePerSecond: 100 }), { clock });
    const pollAll = (): void => {
      do subtask!.poll();
      while (subtask!.status === 'more');
    };
    pollAll();
    expect(subtask!.records.length).to.equal(1);
    for (let i = 0; i < 20; i++) {
      clock.advance(50);
      pollAll();
    }
    expect(subtask!.records.length).to.equal(101);
    await subtask!.reader.close!();
    expect(clock.pendingTimers).to.equal(0);
  });

  it('wake their task when the rate lets a record through', async () => {
    const clock = new ManualClock();
    const [subtask] = await startSource(new DataGeneratorSource((index) => index, 10, { ratePerSecond: 2 }), { clock });
    subtask!.poll();
    subtask!.poll();
    expect(subtask!.status).to.equal('idle');
    const next = subtask!.step();
    clock.advance(500);
    await next;
    expect(subtask!.records).to.deep.equal([0, 1]);
  });
});
