import { expect } from 'chai';
import {
  type DataStream,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  type Collector,
  type OnTimerContext,
  type RuntimeContext,
  type ValueState,
  ValueStateDescriptor,
  type StreamExecutionEnvironment,
} from 'flink-ts';
import {
  failCheckpoint,
  failOperator,
  HarnessError,
  InjectedFaultError,
  killTaskManager,
  runJob,
  seededFaults,
  startJob,
  TestSource,
} from 'flink-ts/testing';
import { useTempDirectory } from '../../../support/temp-directory.js';

/** Counts the records of each key. */
class Count implements KeyedProcessFunction<string, string, readonly [string, number]> {
  #count!: ValueState<number>;

  open(context: RuntimeContext): void {
    this.#count = context.getState(new ValueStateDescriptor<number>('count'));
  }

  processElement(word: string, _context: KeyedProcessContext<string>, out: Collector<readonly [string, number]>): void {
    const count = (this.#count.value() ?? 0) + 1;
    this.#count.update(count);
    out.collect([word, count]);
  }
}

/** Says a minute after a record that it came. */
class Remind implements KeyedProcessFunction<string, string, string> {
  processElement(_word: string, { timerService }: KeyedProcessContext<string>): void {
    timerService.registerProcessingTimeTimer(timerService.currentProcessingTime + 60_000);
  }

  onTimer(time: number, { currentKey }: OnTimerContext<string>, out: Collector<string>): void {
    out.collect(`${currentKey} at ${time}`);
  }
}

const WORDS = Array.from({ length: 600 }, (_, i) => `word ${i % 7}`);

/** What `Count` makes of the words, sorted. */
const EXPECTED = WORDS.map((word, i) => `${word} ${Math.floor(i / 7) + 1}`).sort();

function counts(source: TestSource<string>): (env: StreamExecutionEnvironment) => DataStream<readonly [string, number]> {
  return (env) =>
    env
      .enableCheckpointing(10)
      .fromSource(source, 'words')
      .map((word) => word)
      .name('same')
      .keyBy((word) => word)
      .process(new Count())
      .name('count');
}

function shown(records: readonly (readonly [string, number])[]): readonly string[] {
  return records.map(([word, count]) => `${word} ${count}`).sort();
}

describe('runJob', function () {
  this.timeout(60_000);
  const directory = useTempDirectory();

  it('runs a job to its end and answers its records', async () => {
    const doubled: number[] = [];
    const { records, state, failures } = await runJob(
      (env) =>
        env.fromSequence(1, 10).map((n) => {
          doubled.push(n);
          return 2 * n;
        }),
      { parallelism: 2 },
    );
    expect([...records].sort((a, b) => a - b)).to.deep.equal([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    expect([state, failures, doubled.length]).to.deep.equal(['FINISHED', [], 10]);
  });

  it('throws what the job failed with, or what cannot be built', async () => {
    const failing = runJob((env) =>
      env.fromElements(1, 2).map((): number => {
        throw new TypeError('not a number');
      }),
    );
    await failing.then(
      () => expect.fail('it should fail'),
      (error: unknown) => expect(String(error)).to.contain('not a number'),
    );
    await runJob((env) => env.fromElements<number>()).then(
      () => expect.fail('it should fail'),
      (error: unknown) => expect(String(error)).to.contain('fromElements needs at least one element'),
    );
  });

  it('brings out each record once though an operator fails, and though the TaskManager is lost', async () => {
    for (const fault of [failOperator('count', 400), killTaskManager('count', 400)]) {
      const source = new TestSource(...WORDS.slice(0, 300));
      const job = await startJob(counts(source), { parallelism: 2, faults: [fault] });
      await job.until(() => job.records.length === 300);
      source.push(...WORDS.slice(300));
      source.end();
      const { records, failures } = await job.result();
      expect(shown(records)).to.deep.equal(EXPECTED);
      expect(failures).to.have.length(1);
    }
  });

  it('lets the same faults happen for the same seed', async () => {
    const options = { operators: ['same', 'count'], count: 3, withinRecords: 600 };
    expect(seededFaults(7, options)).to.deep.equal(seededFaults(7, options));
    const source = new TestSource(...WORDS);
    source.end();
    const { records, failures } = await runJob(counts(source), { faults: seededFaults(7, options) });
    expect(shown(records)).to.deep.equal(EXPECTED);
    expect(failures).to.have.length(3);
  });

  it('takes checkpoints and savepoints when it is told to, and begins from them', async () => {
    const source = new TestSource('a', 'b', 'a');
    const build = (env: StreamExecutionEnvironment): DataStream<readonly [string, number]> =>
      env
        .enableCheckpointing('1 h')
        .fromSource(source, 'words')
        .keyBy((word) => word)
        .process(new Count());
    const job = await startJob(build);
    await job.running();
    await job.checkpoint();
    expect(job.completedCheckpoints).to.equal(1);
    await job.until(() => job.records.length === 3);
    const savepoint = await job.savepoint(directory.path);
    await job.cancel();
    const { records, state } = await job.result();
    expect([shown(records), state]).to.deep.equal([['a 1', 'a 2', 'b 1'], 'CANCELED']);
    source.push('a');
    source.end();
    expect(shown((await runJob(build, { savepoint })).records)).to.deep.equal(['a 3']);
  });

  it('lets a checkpoint fail', async () => {
    const source = new TestSource('a');
    const build = (env: StreamExecutionEnvironment): DataStream<string> => {
      env.getCheckpointConfig().setTolerableCheckpointFailureNumber(1);
      return env.fromSource(source, 'words').map((word) => word);
    };
    const job = await startJob(build, { faults: [failCheckpoint(1)] });
    await job.running();
    await job.checkpoint().then(
      () => expect.fail('it should fail'),
      (error: unknown) => expect(String(error)).to.contain('checkpoint 1'),
    );
    expect(await job.checkpoint()).to.equal(2);
    source.end();
    expect((await job.result()).records).to.deep.equal(['a']);
  });

  it('has a time of its own where it is asked for', async () => {
    const source = new TestSource<string>();
    const job = await startJob(
      (env) =>
        env
          .fromSource(source, 'words')
          .keyBy((word) => word)
          .process(new Remind()),
      { clock: 'virtual' },
    );
    await job.running();
    source.push('a');
    await job.advanceTime(30_000);
    source.push('b');
    await job.advanceTime(3_600_000, 10_000);
    source.end();
    const { records } = await job.result();
    expect(records.map((record) => record.split(' ')[0])).to.deep.equal(['a', 'b']);
  });

  it('says what the test asks for and cannot get', async () => {
    const source = new TestSource(1);
    const job = await startJob((env) => env.fromSource(source, 'numbers').map((n) => n));
    await job.advanceTime(1).then(
      () => expect.fail('it should fail'),
      (error: unknown) => expect(error).to.be.instanceOf(HarnessError),
    );
    source.end();
    await job
      .until(() => job.records.length === 2)
      .then(
        () => expect.fail('it should fail'),
        (error: unknown) => expect(error).to.be.instanceOf(HarnessError),
      );
    await job.close();
    expect(new InjectedFaultError('this')).to.have.property('code', 'INJECTED_FAULT');
  });
});
