import { expect } from 'chai';
import { GeneratorFunctionSource, type SourceCollector } from '#api';
import { runSource, startSource } from '../../support/source-driver.js';

describe('GeneratorFunctionSource', () => {
  it('emits what a generator yields', async () => {
    const source = new GeneratorFunctionSource<number>(async function* () {
      for (let i = 0; i < 5000; i++) yield await Promise.resolve(i);
    });
    expect((await runSource(source)).flat()).to.deep.equal(Array.from({ length: 5000 }, (_, i) => i));
  });

  it('tells a parallel generator which subtask it is', async () => {
    const source = new GeneratorFunctionSource<string>(
      function* ({ subtaskIndex, parallelism }) {
        yield `${subtaskIndex} of ${parallelism}`;
      },
      { parallel: true, boundedness: 'bounded' },
    );
    expect(await runSource(source, { parallelism: 2 })).to.deep.equal([['0 of 2'], ['1 of 2']]);
  });

  it('draws no more than a little ahead, and runs finally blocks when it is closed', async () => {
    let drawn = 0;
    let cleaned = false;
    const source = new GeneratorFunctionSource<number>(function* () {
      try {
        for (;;) yield drawn++;
      } finally {
        cleaned = true;
      }
    });
    const [subtask] = await startSource(source, { maxRecords: 10 });
    await subtask!.until(() => subtask!.records.length >= 100);
    expect(drawn).to.be.lessThan(3000);
    await subtask!.reader.close!();
    expect(cleaned).to.equal(true);
  });

  it('fails the job with the error of the generator', async () => {
    const source = new GeneratorFunctionSource<number>(function* () {
      yield 1;
      throw new Error('no more');
    });
    expect(await runSource(source).catch((error: unknown) => error)).to.have.property('message', 'no more');
  });

  it('runs an object that collects, with timestamps, until it is full', async () => {
    let fullSeen = false;
    const source = new GeneratorFunctionSource<number>({
      async run(collector: SourceCollector<number>) {
        for (let i = 0; i < 10_000; i++) {
          if (collector.full) {
            fullSeen = true;
            await collector.ready();
          }
          collector.collectWithTimestamp(i, i * 1000);
        }
      },
      cancel: () => undefined,
    });
    const [subtask] = await startSource(source);
    await subtask!.toEnd();
    expect(fullSeen).to.equal(true);
    expect(subtask!.records.length).to.equal(10_000);
    expect(subtask!.output.timestamps[3]).to.equal(3000);
  });

  it('cancels an object that still runs when it is closed', async () => {
    let cancel = (): void => undefined;
    let ended = false;
    const source = new GeneratorFunctionSource<number>({
      async run(collector) {
        collector.collect(1);
        await new Promise<void>((resolve) => {
          cancel = resolve;
        });
        ended = true;
      },
      cancel: () => {
        cancel();
      },
    });
    const [subtask] = await startSource(source);
    await subtask!.step();
    await subtask!.reader.close!();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(subtask!.records).to.deep.equal([1]);
    expect(ended).to.equal(true);
  });
});
