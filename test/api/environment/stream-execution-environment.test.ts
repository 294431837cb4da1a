import { expect } from 'chai';
import { InvalidParallelismError, InvalidProgramError, NoOperatorsError, RestartStrategies, StreamExecutionEnvironment } from '#api';
import { RecordingExecutor } from '../../support/recording-executor.js';

describe('StreamExecutionEnvironment', () => {
  let executor: RecordingExecutor;
  beforeEach(() => {
    executor = new RecordingExecutor([1, 2, 3]).install(4, { 'fs.default-scheme': 'hdfs://nn:9000/' });
  });
  afterEach(() => {
    executor.uninstall();
  });
  const environment = (): StreamExecutionEnvironment => StreamExecutionEnvironment.getExecutionEnvironment();

  it('takes parallelism and configuration from where it runs', () => {
    const env = environment();
    expect(env.getParallelism()).to.equal(4);
    expect(env.absolutePath('/data')).to.equal('hdfs://nn:9000/data');
    const local = StreamExecutionEnvironment.createLocalEnvironment(2, { 'fs.default-scheme': 'file:///' });
    expect(local.getParallelism()).to.equal(2);
    expect(local.absolutePath('/data')).to.equal('file:///data');
  });

  it('asks for the executor of its target', async () => {
    const environments = [
      environment(),
      StreamExecutionEnvironment.createLocalEnvironment(),
      StreamExecutionEnvironment.createLocalEnvironmentWithWebUI(),
      StreamExecutionEnvironment.createRemoteEnvironment('host', 8081),
    ];
    for (const env of environments) {
      env.fromElements(1).print();
      await env.execute();
    }
    expect(executor.targets).to.deep.equal([
      { kind: 'default' },
      { kind: 'local', web: false, configuration: {} },
      { kind: 'local', web: true, configuration: {} },
      { kind: 'remote', host: 'host', port: 8081 },
    ]);
  });

  it('ships its settings with the job', async () => {
    const env = environment().setMaxParallelism(256).setBufferTimeout(0).disableOperatorChaining().setRuntimeMode('BATCH');
    env.setRestartStrategy(RestartStrategies.fixedAttempts(3)).getConfig().setGlobalJobParameters({ a: 'b' }).enableObjectReuse();
    env.fromElements(1).print();
    await env.execute('job');
    const [graph] = executor.graphs;
    expect(graph?.name).to.equal('job');
    expect(graph?.settings).to.deep.equal({
      runtimeMode: 'BATCH',
      maxParallelism: 256,
      chaining: false,
      globalJobParameters: { a: 'b' },
      configuration: {
        'restart-strategy': 'fixed-delay',
        'restart-strategy.fixed-delay.attempts': '3',
        'restart-strategy.fixed-delay.delay': '0 ms',
      },
      autoWatermarkIntervalMs: 200,
    });
    expect(graph?.nodes.map(({ bufferTimeoutMs }) => bufferTimeoutMs)).to.deep.equal([0, 0]);
  });

  it('refuses settings that cannot be', () => {
    const env = environment();
    for (const parallelism of [0, -1, 1.5, Number.NaN, 32769]) {
      expect(() => env.setParallelism(parallelism)).to.throw(InvalidParallelismError, `not "${parallelism}"`);
      expect(() => env.setMaxParallelism(parallelism)).to.throw(InvalidParallelismError, 'maximum parallelism');
    }
    expect(() => env.setBufferTimeout(-2)).to.throw(InvalidProgramError, 'Timeout of buffer must be non-negative or -1');
    expect(() => RestartStrategies.fixedAttempts(-1)).to.throw(InvalidProgramError);
    expect(() => env.fromElements()).to.throw(InvalidProgramError, 'fromElements needs at least one element as argument');
  });

  it('has nothing to run without an operator', async () => {
    const env = environment();
    const run = (): Promise<unknown> => env.execute().catch((error: unknown) => error);
    expect(await run())
      .to.be.instanceOf(NoOperatorsError)
      .with.property('message', 'No operators defined in streaming topology. Cannot execute.');
    env.fromElements(1);
    expect(await run()).to.be.instanceOf(NoOperatorsError);
    expect(() => env.getExecutionPlan()).to.throw(NoOperatorsError);
  });

  it('starts a new graph after execute, in which earlier streams can be used', async () => {
    const env = environment();
    const doubled = env.fromElements(1, 2).map((n) => n * 2);
    doubled.print();
    await env.execute();
    expect(await env.execute().catch((error: unknown) => error)).to.be.instanceOf(NoOperatorsError);
    doubled.filter((n) => n > 2).print();
    await env.execute();
    expect(executor.graphs.map((graph) => graph.nodes.map(({ id, name }) => `${id} ${name}`))).to.deep.equal([
      ['1 Source: Collection Source', '2 Map', '3 Sink: Print to Std. Out'],
      ['1 Source: Collection Source', '2 Map', '3 Filter', '4 Sink: Print to Std. Out'],
    ]);
  });

  it('shows its plan in the shape of Flink', () => {
    const env = environment();
    env
      .fromElements('a')
      .map((word) => ({ word, count: 1 }))
      .keyBy('word')
      .sum('count')
      .print()
      .setParallelism(1);
    expect(JSON.parse(env.getExecutionPlan())).to.deep.equal({
      nodes: [
        { id: 1, type: 'Source: Collection Source', pact: 'Data Source', contents: 'Source: Collection Source', parallelism: 1 },
        {
          id: 2,
          type: 'Map',
          pact: 'Operator',
          contents: 'Map',
          parallelism: 4,
          predecessors: [{ id: 1, ship_strategy: 'REBALANCE', side: 'second' }],
        },
        {
          id: 3,
          type: 'Keyed Aggregation',
          pact: 'Operator',
          contents: 'Keyed Aggregation',
          parallelism: 4,
          predecessors: [{ id: 2, ship_strategy: 'HASH', side: 'second' }],
        },
        {
          id: 4,
          type: 'Sink: Print to Std. Out',
          pact: 'Data Sink',
          contents: 'Sink: Print to Std. Out',
          parallelism: 1,
          predecessors: [{ id: 3, ship_strategy: 'REBALANCE', side: 'second' }],
        },
      ],
    });
  });

  it('runs effects once by its executor', async () => {
    expect(await environment().once(() => 42)).to.equal(42);
  });

  it('collects the records of a stream', async () => {
    const env = environment();
    const records: number[] = [];
    for await (const record of await env.fromElements(1).executeAndCollect('collect')) records.push(record);
    expect(records).to.deep.equal([1, 2, 3]);
    expect(executor.cancelled).to.deep.equal([]);
    expect(await env.fromElements(1).executeAndCollect(2)).to.deep.equal([1, 2]);
    expect(await env.fromElements(1).executeAndCollect('named', 10)).to.deep.equal([1, 2, 3]);
    expect(executor.cancelled).to.deep.equal([2]);
    expect(executor.graphs.map(({ name }) => name)).to.deep.equal(['collect', 'Flink Streaming Job', 'named']);
  });

  it('throws the failure of the job after the records that came', async () => {
    executor.failure = new Error('broken');
    const records: number[] = [];
    const read = async (): Promise<void> => {
      for await (const record of await environment().fromElements(1).executeAndCollect()) records.push(record);
    };
    expect(await read().catch((error: unknown) => error)).to.equal(executor.failure);
    expect(records).to.deep.equal([1, 2, 3]);
  });
});
