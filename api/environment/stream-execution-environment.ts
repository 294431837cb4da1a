import { absolutePath, Types, type TypedInfo } from '#core';
import { Configuration, fsDefaultScheme, stateSavepointsDir } from '#conf';
import type { Source } from '../connector/source.js';
import { InvalidProgramError, NoExecutorError, NoOperatorsError } from '../errors.js';
import { executorProvider, type ExecutionDefaults, type ExecutionTarget } from '../execution.js';
import { buildStreamGraph } from '../graph/build-stream-graph.js';
import { checkIterationCheckpoints } from '../graph/check-iterations.js';
import { executionPlan } from '../graph/execution-plan.js';
import { checkBufferTimeout } from '../graph/operation-settings.js';
import type { Executor, JobClient, JobExecutionResult, OperatorSpec, RequestedRuntimeMode, StreamGraph } from '../graph/stream-graph.js';
import { CollectionSource } from '../sources/collection-source.js';
import { DataGeneratorSource, type DataGeneratorOptions } from '../sources/data-generator-source.js';
import { GeneratorFunctionSource, type GeneratorFunctionSourceOptions } from '../sources/generator-function-source.js';
import { SequenceSource } from '../sources/sequence-source.js';
import { SocketTextSource } from '../sources/socket-text-source.js';
import type { GeneratorFunction, SourceFunction } from '../sources/source-function.js';
import { SplittableSource, type SplittableCollection } from '../sources/splittable-source.js';
import { TextFileSource, type TextFileOptions } from '../sources/text-file-source.js';
import { RecordedProgram } from '../stream/recorded-program.js';
import type { SingleOutputStreamOperator } from '../stream/single-output-stream-operator.js';
import type { TimeCharacteristic } from '../time/time-characteristic.js';
import { WatermarkStrategy } from '../time/watermark-strategy.js';
import { Collectors, type Collector } from './collectors.js';
import { configurationOf, configuredSettings } from './configured-settings.js';
import type { Duration } from '../time/duration.js';
import { CheckpointConfig, type CheckpointingMode } from './checkpoint-config.js';
import { ExecutionConfig } from './execution-config.js';
import type { JobConfiguration } from './job-configuration.js';
import type { RestartStrategy } from './restart-strategies.js';
import type { StateBackend } from './state-backends.js';

const NO_DEFAULTS: ExecutionDefaults = { parallelism: 1, configuration: {} };

/** What an element may be; gives array literals the type of a tuple. */
type Element = [] | NonNullable<unknown>;

/**
 * Where a program begins: makes the first streams, and runs what the program has built out of them.
 *
 * @example
 * const env = StreamExecutionEnvironment.getExecutionEnvironment();
 * env.fromElements('to', 'be').map((word) => word.toUpperCase()).print();
 * await env.execute('shout');
 */
export class StreamExecutionEnvironment {
  /** The values of the configuration, by key, as far as they are known where the program runs. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly #target: ExecutionTarget;
  readonly #config: ExecutionConfig;
  readonly #job: JobConfiguration;
  readonly #checkpoints: CheckpointConfig;
  readonly #program = new RecordedProgram(this);
  readonly #collectors = new Collectors();
  readonly #jobName: string;
  #executor: Promise<Executor> | undefined;
  #chaining: boolean;
  #bufferTimeoutMs: number;
  #runtimeMode: RequestedRuntimeMode;
  #timeCharacteristic: TimeCharacteristic = 'EventTime';

  private constructor(target: ExecutionTarget) {
    const defaults = executorProvider()?.defaults(target) ?? NO_DEFAULTS;
    this.#target = target;
    this.configuration = configurationOf(target, defaults);
    const settings = configuredSettings(target, defaults);
    this.#job = settings.job;
    this.#config = new ExecutionConfig(settings, settings.job);
    this.#checkpoints = new CheckpointConfig(settings.job, (path) => this.absolutePath(path));
    this.#jobName = settings.jobName;
    this.#chaining = settings.chaining;
    this.#bufferTimeoutMs = settings.bufferTimeoutMs;
    this.#runtimeMode = settings.runtimeMode;
  }

  /** The cluster to which the program was submitted; without one, this process. */
  static getExecutionEnvironment(): StreamExecutionEnvironment {
    return new StreamExecutionEnvironment({ kind: 'default' });
  }

  /** Runs in this process. */
  static createLocalEnvironment(parallelism?: number, configuration: Readonly<Record<string, string>> = {}): StreamExecutionEnvironment {
    const environment = new StreamExecutionEnvironment({ kind: 'local', web: false, configuration });
    return parallelism === undefined ? environment : environment.setParallelism(parallelism);
  }

  /** Runs in this process and serves its dashboard. */
  static createLocalEnvironmentWithWebUI(configuration: Readonly<Record<string, string>> = {}): StreamExecutionEnvironment {
    return new StreamExecutionEnvironment({ kind: 'local', web: true, configuration });
  }

  /** Runs on the cluster whose REST address this is. */
  static createRemoteEnvironment(host: string, port: number): StreamExecutionEnvironment {
    return new StreamExecutionEnvironment({ kind: 'remote', host, port });
  }

  getConfig(): ExecutionConfig {
    return this.#config;
  }

  getParallelism(): number {
    return this.#config.parallelism;
  }

  /** The parallelism of operators that are made from now on and set none themselves. */
  setParallelism(parallelism: number): this {
    this.#config.setParallelism(parallelism);
    return this;
  }

  setMaxParallelism(maxParallelism: number): this {
    this.#config.setMaxParallelism(maxParallelism);
    return this;
  }

  setRestartStrategy(strategy: RestartStrategy): this {
    this.#config.setRestartStrategy(strategy);
    return this;
  }

  /**
   * A checkpoint is made at this interval, from which a job that failed goes on. `force`: of a job with loops, too, though what is on its
   * way round is in no checkpoint; may stand in the place of the mode.
   * @example
   * env.enableCheckpointing('10 s').getCheckpointConfig().setMinPauseBetweenCheckpoints('5 s');
   */
  enableCheckpointing(interval: Duration, modeOrForce?: CheckpointingMode | boolean, force?: boolean): this {
    const mode = typeof modeOrForce === 'boolean' ? undefined : modeOrForce;
    const forced = typeof modeOrForce === 'boolean' ? modeOrForce : force;
    if (forced !== undefined) this.#checkpoints.setForceCheckpointing(forced);
    this.#checkpoints.setCheckpointInterval(interval);
    if (mode !== undefined) this.#checkpoints.setCheckpointingMode(mode);
    return this;
  }

  getCheckpointConfig(): CheckpointConfig {
    return this.#checkpoints;
  }

  setStateBackend({ configuration }: StateBackend): this {
    this.#job.set(configuration);
    return this;
  }

  /** Where savepoints go that are triggered without naming a directory. */
  setDefaultSavepointDirectory(directory: string): this {
    this.#job.setOption(stateSavepointsDir, this.absolutePath(directory));
    return this;
  }

  /** How long a record may wait in a buffer, in ms: by default 100; 0 sends each at once, -1 only full buffers. */
  setBufferTimeout(timeoutMs: number): this {
    checkBufferTimeout(timeoutMs);
    this.#bufferTimeoutMs = timeoutMs;
    return this;
  }

  /** No operator is chained to another. */
  disableOperatorChaining(): this {
    this.#chaining = false;
    return this;
  }

  /**
   * `BATCH` needs bounded sources; keyed operations then emit once for each key, at the end. `AUTOMATIC` is `BATCH` for programs
   * whose sources are all bounded.
   */
  setRuntimeMode(mode: RequestedRuntimeMode): this {
    this.#runtimeMode = mode;
    return this;
  }

  /**
   * What time means to operators that do not say it: event time by default. `ProcessingTime` sets the auto-watermark interval to 0, the
   * others to 200 ms.
   */
  setStreamTimeCharacteristic(characteristic: TimeCharacteristic): this {
    this.#timeCharacteristic = characteristic;
    this.#config.setAutoWatermarkInterval(characteristic === 'ProcessingTime' ? 0 : 200);
    return this;
  }

  getStreamTimeCharacteristic(): TimeCharacteristic {
    return this.#timeCharacteristic;
  }

  fromElements<T extends Element>(...elements: T[]): SingleOutputStreamOperator<T> {
    if (elements.length > 0) return this.fromCollection(elements);
    throw new InvalidProgramError('fromElements needs at least one element as argument', 'Use "fromCollection([])" for an empty stream.');
  }

  /** The elements as they are now; they are shipped with the job. */
  fromCollection<T extends Element>(elements: Iterable<T>, type?: TypedInfo<T>): SingleOutputStreamOperator<T> {
    return this.fromSource(new CollectionSource<T>(elements), 'Collection Source', type);
  }

  /** As `fromCollection`, read by several subtasks: a list by parts of it, anything else as it divides itself. */
  fromParallelCollection<T extends Element>(
    elements: readonly T[] | SplittableCollection<T>,
    type?: TypedInfo<T>,
  ): SingleOutputStreamOperator<T> {
    const source = 'split' in elements ? new SplittableSource<T>(elements) : new CollectionSource<T>(elements, true);
    return this.fromSource(source, 'Parallel Collection Source', type);
  }

  /** The integers from `from` to `to`, both included. */
  fromSequence(from: number, to: number): SingleOutputStreamOperator<number> {
    return this.fromSource(new SequenceSource(from, to), 'Sequence Source', Types.long);
  }

  /** Flink's old name of {@link fromSequence}. */
  generateSequence(from: number, to: number): SingleOutputStreamOperator<number> {
    return this.fromSequence(from, to);
  }

  /** Records made out of their indexes: see {@link DataGeneratorSource}. */
  dataGenerator<T extends Element>(
    generate: (index: number) => T,
    count?: number,
    options?: DataGeneratorOptions,
  ): SingleOutputStreamOperator<T> {
    return this.fromSource(new DataGeneratorSource<T>(generate, count, options), 'Data Generator');
  }

  /** The lines of a file, or of all files of a directory: see {@link TextFileSource}. */
  readTextFile(path: string, options?: TextFileOptions): SingleOutputStreamOperator<string> {
    const source = new TextFileSource(this.absolutePath(path), options);
    return this.fromSource(source, 'Text File Source', Types.string);
  }

  /**
   * What a server sends, cut at each delimiter. When the connection ends it is made anew, at most `maxRetry` times, for
   * ever with -1; then the stream ends.
   */
  socketTextStream(host: string, port: number, delimiter = '\n', maxRetry = 0): SingleOutputStreamOperator<string> {
    return this.fromSource(new SocketTextSource({ host, port, delimiter, maxRetry }), 'Socket Stream', Types.string);
  }

  /** The records of a source; with a strategy they get event time, and the stream watermarks, of each split of the source by itself. */
  fromSource<T>(source: Source<T>, watermarks: WatermarkStrategy<T>, name: string, type?: TypedInfo<T>): SingleOutputStreamOperator<T>;
  fromSource<T>(source: Source<T>, name?: string, type?: TypedInfo<T>): SingleOutputStreamOperator<T>;
  fromSource<T>(
    source: Source<T>,
    ...options:
      readonly [watermarks: WatermarkStrategy<T>, name: string, type?: TypedInfo<T>] | readonly [name?: string, type?: TypedInfo<T>]
  ): SingleOutputStreamOperator<T> {
    const [first] = options;
    const [watermarks, name = 'Custom Source', type] =
      first instanceof WatermarkStrategy ? [first, options[1] as string, options[2]] : [undefined, first, options[1] as TypedInfo<T>];
    const spec: OperatorSpec =
      watermarks === undefined
        ? { kind: 'source', source }
        : { kind: 'source', source, watermarks: watermarks as WatermarkStrategy<unknown> };
    const operation = this.#program.add(spec, `Source: ${name}`, []);
    operation.outputType = type;
    return this.#program.operator<T>(operation);
  }

  /** Records that a generator function yields, or that an object with `run` and `cancel` collects. */
  addSource<T>(
    source: GeneratorFunction<T> | SourceFunction<T>,
    name = 'Custom Source',
    options?: GeneratorFunctionSourceOptions,
  ): SingleOutputStreamOperator<T> {
    return this.fromSource(new GeneratorFunctionSource<T>(source, options), name);
  }

  /**
   * Runs a side effect of the program once, where it is submitted. The program itself runs in every slot again; there
   * the effect is left out and its answer, which must be plain data, is the one of the submission.
   */
  async once<R>(effect: () => R | Promise<R>): Promise<R> {
    return (await this.#connect()).once(effect);
  }

  /** Runs what was built since the last `execute`, and waits for its end. Throws the failure of the job. */
  async execute(jobName?: string): Promise<JobExecutionResult> {
    const client = await this.executeAsync(jobName);
    return client.result();
  }

  /** As {@link execute}, without waiting for the end. */
  async executeAsync(jobName?: string): Promise<JobClient> {
    return this.#collectors.of(() => this.#submit(jobName));
  }

  /** The plan of what `execute` would run, as JSON that Flink's plan visualizer reads. */
  getExecutionPlan(): string {
    return JSON.stringify(executionPlan(this.getStreamGraph()));
  }

  /** The graph that `execute` would run. */
  getStreamGraph(jobName = this.#jobName): StreamGraph {
    const { operations } = this.#program;
    if (operations.length === 0) throw new NoOperatorsError();
    const { maxParallelism, globalJobParameters, autoWatermarkIntervalMs } = this.#config;
    const graph = buildStreamGraph(operations, {
      name: jobName,
      runtimeMode: this.#runtimeMode,
      settings: {
        maxParallelism,
        chaining: this.#chaining,
        globalJobParameters,
        autoWatermarkIntervalMs,
        configuration: this.#job.entries,
      },
      bufferTimeoutMs: this.#bufferTimeoutMs,
      ingestionTime: this.#timeCharacteristic === 'IngestionTime',
    });
    checkIterationCheckpoints(graph, {
      enabled: this.#checkpoints.isCheckpointingEnabled(),
      forced: this.#checkpoints.isForceCheckpointing(),
      unaligned: this.#checkpoints.isUnalignedCheckpointsEnabled(),
      unalignedForced: this.#checkpoints.isForceUnalignedCheckpoints(),
    });
    return graph;
  }

  /** The path with scheme and authority, completed by `fs.default-scheme` and, of a local file, the working directory. */
  absolutePath(path: string): string {
    return absolutePath(path, { defaultScheme: Configuration.of(this.configuration).get(fsDefaultScheme) });
  }

  /** For streams whose records the program asks for: names a collector, and promises the client of the job it will be in. */
  newCollector(): Collector {
    return this.#collectors.add();
  }

  async #submit(jobName: string | undefined): Promise<JobClient> {
    const graph = this.getStreamGraph(jobName);
    this.#program.startNext();
    return (await this.#connect()).submit(graph);
  }

  #connect(): Promise<Executor> {
    const provider = executorProvider();
    if (!provider) throw new NoExecutorError();
    this.#executor ??= provider.executor(this.#target);
    return this.#executor;
  }
}
