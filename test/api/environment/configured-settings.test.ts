import { expect } from 'chai';
import { InvalidParallelismError, StreamExecutionEnvironment, type StreamGraph } from '#api';
import { InvalidOptionValueError } from '#conf';
import { RecordingExecutor } from '../../support/recording-executor.js';

type Settings = Readonly<Record<string, string>>;

describe('configuredSettings', () => {
  let executor: RecordingExecutor;
  afterEach(() => {
    executor.uninstall();
  });

  /** The environment of a place with that configuration. */
  function environment(configuration: Settings): StreamExecutionEnvironment {
    executor = new RecordingExecutor().install(4, configuration);
    return StreamExecutionEnvironment.getExecutionEnvironment();
  }

  function graphOf(env: StreamExecutionEnvironment): StreamGraph {
    env.fromElements(1).print();
    return env.getStreamGraph();
  }

  it('are what the configuration says', () => {
    const { name, settings, nodes } = graphOf(
      environment({
        'pipeline.name': 'nightly',
        'pipeline.max-parallelism': '512',
        'pipeline.operator-chaining': 'false',
        'pipeline.global-job-parameters': 'a:1,b:2',
        'pipeline.global-job-parameters.c': '3',
        'execution.buffer-timeout': '5 s',
        'execution.runtime-mode': 'BATCH',
      }),
    );
    expect(name).to.equal('nightly');
    expect(settings).to.deep.equal({
      runtimeMode: 'BATCH',
      maxParallelism: 512,
      chaining: false,
      globalJobParameters: { a: '1', b: '2', c: '3' },
      configuration: {},
      autoWatermarkIntervalMs: 200,
    });
    expect(nodes.map(({ bufferTimeoutMs, maxParallelism }) => [bufferTimeoutMs, maxParallelism])).to.deep.equal([
      [5000, 512],
      [5000, 512],
    ]);
  });

  it('give way to what the program says', async () => {
    const env = environment({
      'pipeline.name': 'nightly',
      'pipeline.max-parallelism': '512',
      'pipeline.global-job-parameters': 'a:1',
      'execution.buffer-timeout.enabled': 'false',
      'execution.runtime-mode': 'BATCH',
    });
    env.setMaxParallelism(64).setBufferTimeout(20).setRuntimeMode('STREAMING').getConfig().setGlobalJobParameters({ b: '2' });
    env.fromElements(1).print();
    await env.execute('given');
    const [graph] = executor.graphs;
    expect(graph?.name).to.equal('given');
    expect(graph?.settings).to.include({ runtimeMode: 'STREAMING', maxParallelism: 64 });
    expect(graph?.settings.globalJobParameters).to.deep.equal({ b: '2' });
    expect(graph?.nodes[0]?.bufferTimeoutMs).to.equal(20);
  });

  it('are those of Flink where nothing is said', () => {
    const { name, settings, nodes } = graphOf(environment({}));
    expect(name).to.equal('Flink Streaming Job');
    expect(settings).to.deep.equal({
      runtimeMode: 'STREAMING',
      maxParallelism: undefined,
      chaining: true,
      globalJobParameters: {},
      configuration: {},
      autoWatermarkIntervalMs: 200,
    });
    expect(nodes[0]?.bufferTimeoutMs).to.equal(100);
  });

  it('wait for full buffers when the buffer timeout is switched off', () => {
    const { nodes } = graphOf(environment({ 'execution.buffer-timeout': '1 s', 'execution.buffer-timeout.enabled': 'false' }));
    expect(nodes[0]?.bufferTimeoutMs).to.equal(-1);
  });

  it('run a program automatically as a batch when all its sources are bounded', () => {
    const bounded = environment({ 'execution.runtime-mode': 'AUTOMATIC' });
    expect(graphOf(bounded).settings.runtimeMode).to.equal('BATCH');
    bounded.socketTextStream('host', 1).print();
    expect(bounded.getStreamGraph().settings.runtimeMode).to.equal('STREAMING');
  });

  it('of a local environment are its own, then those of the place', () => {
    environment({ 'parallelism.default': '4', 'pipeline.name': 'of the place', 'pipeline.max-parallelism': '512' });
    const own = { 'parallelism.default': '3', 'pipeline.name': 'own' };
    const local = StreamExecutionEnvironment.createLocalEnvironment(undefined, own);
    expect([local.getParallelism(), local.getConfig().maxParallelism, graphOf(local).name]).to.deep.equal([3, 512, 'own']);
    expect(StreamExecutionEnvironment.createLocalEnvironment(2, own).getParallelism()).to.equal(2);
    expect(StreamExecutionEnvironment.createLocalEnvironment().getParallelism()).to.equal(4);
  });

  it('are refused with the key when they cannot be', () => {
    const wrong = (configuration: Settings) => () => environment(configuration);
    expect(wrong({ 'pipeline.max-parallelism': '40000' })).to.throw(InvalidParallelismError, 'maximum parallelism');
    executor.uninstall();
    expect(wrong({ 'execution.runtime-mode': 'SOMETIMES' })).to.throw(InvalidOptionValueError, 'execution.runtime-mode');
  });
});
