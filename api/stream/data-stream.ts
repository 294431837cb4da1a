import { typeName, Types, typesEqual, type TypedInfo, type TypeInfo } from '#core';
import type { AsyncWait } from '../async/async-function.js';
import type { Sink } from '../connector/sink.js';
import { InvalidProgramError, MissingFieldError } from '../errors.js';
import type {
  Collector,
  FilterFunction,
  FlatMapFunction,
  KeySelector,
  MapFunction,
  Partitioner,
  ProcessFunction,
  RichFilterFunction,
  RichFlatMapFunction,
  RichMapFunction,
  Synchronous,
  UseAsyncDataStream,
} from '../functions/functions.js';
import { declaredTypeOf } from '../graph/declared-type.js';
import type { Operation, StreamInput } from '../graph/operation.js';
import type { KeySpec, OperatorSpec, Partitioning } from '../graph/stream-graph.js';
import { FunctionSink, type RichSinkFunction, type SinkFunction } from '../sinks/function-sink.js';
import { PrintSink } from '../sinks/print-sink.js';
import { SocketSink } from '../sinks/socket-sink.js';
import { CsvFileSink, type CsvFormat } from '../sinks/csv-file-sink.js';
import { TextFileSink } from '../sinks/text-file-sink.js';
import type { Duration } from '../time/duration.js';
import type { AssignerWithPeriodicWatermarks, AssignerWithPunctuatedWatermarks } from '../time/timestamp-extractors.js';
import { WatermarkStrategy } from '../time/watermark-strategy.js';
import { GlobalWindows } from '../windowing/global-windows.js';
import type { WindowAssigner } from '../windowing/window-assigner.js';
import type { GlobalWindow, TimeWindow, Window } from '../windowing/windows.js';
import { AllWindowedStream } from './all-windowed-stream.js';
import { CoGroupedStreams } from './co-grouped-streams.js';
import { CoWindows } from './co-windows.js';
import { TwoPhaseCommitSink } from '../sinks/two-phase-commit-sink.js';
import { TwoPhaseCommitSinkFunction } from '../sinks/two-phase-commit-sink-function.js';
import type { WriteMode } from '../sinks/line-file-sink.js';
import { BroadcastConnectedStream } from './broadcast-connected-stream.js';
import { type BroadcastStateDescriptor, BroadcastStream } from './broadcast-stream.js';
import { CollectedRecords } from './collected-records.js';
import type { ConnectedStreams } from './connected-streams.js';
import type { DataStreamSink } from './data-stream-sink.js';
import type { Field, FieldValue, KeyOf, TupleIndex } from './field-path.js';
import type { IterativeStream } from './iterative-stream.js';
import { JoinedStreams } from './joined-streams.js';
import { checkedFieldType, fieldsKey, selectedKey, shownRecord, type FieldName } from './key-spec.js';
import type { KeyedStream } from './keyed-stream.js';
import type { SingleOutputStreamOperator } from './single-output-stream-operator.js';
import type { StreamProgram } from './stream-program.js';
import { countWindows, timeWindows } from './window-shorthands.js';
import { WindowOperation } from './window-operation.js';

/** The records that the positions of a tuple leave, in their order. */
type Projected<T, I extends readonly unknown[]> = { -readonly [P in keyof I]: FieldValue<T, I[P]> };

/** Gives array literals in results the type of a tuple, and leaves all else as it is. */
type Result = [] | NonNullable<unknown> | null | undefined;

/**
 * A stream of records of type `T`, as a program describes it: nothing runs until `execute`.
 *
 * Functions for records are synchronous. A record is handed from operator to operator by reference: who emits one must
 * not change it afterwards.
 */
export class DataStream<T> {
  declare protected readonly recordType: T;
  /** What `process` is called. */
  protected readonly processName: string = 'Process';

  /** Streams are made by the environment and by operators, not by programs. */
  constructor(
    protected readonly program: StreamProgram,
    protected readonly inputs: readonly StreamInput[],
  ) {}

  /** Emits one record for each record. */
  map<O extends Result>(mapper: ((value: T) => Synchronous<O>) | RichMapFunction<T, O>): SingleOutputStreamOperator<O> {
    if (typeof mapper === 'function') return this.#operator('Map', { kind: 'map', map: mapper as MapFunction<unknown, unknown> });
    const map = mapper.map.bind(mapper) as MapFunction<unknown, unknown>;
    return this.#operator('Map', { kind: 'map', map, lifecycle: mapper });
  }

  /**
   * Emits any number of records for each record: through `out`, or by returning an iterable, which is read no faster than
   * downstream takes its records.
   */
  flatMap<O>(
    mapper: ((value: T, out: Collector<O>) => void | Iterable<O> | UseAsyncDataStream) | RichFlatMapFunction<T, O>,
  ): SingleOutputStreamOperator<O> {
    if (typeof mapper === 'function') {
      return this.#operator('Flat Map', { kind: 'flatMap', flatMap: mapper as FlatMapFunction<unknown, unknown> });
    }
    const flatMap = mapper.flatMap.bind(mapper) as FlatMapFunction<unknown, unknown>;
    return this.#operator('Flat Map', { kind: 'flatMap', flatMap, lifecycle: mapper });
  }

  /** Keeps the records for which the function is true. */
  filter<S extends T>(filter: (value: T) => value is S): SingleOutputStreamOperator<S>;
  filter(filter: ((value: T) => boolean | UseAsyncDataStream) | RichFilterFunction<T>): SingleOutputStreamOperator<T>;
  filter(filter: ((value: T) => unknown) | RichFilterFunction<T>): SingleOutputStreamOperator<T> {
    if (typeof filter === 'function') return this.#operator('Filter', { kind: 'filter', filter: filter as FilterFunction<unknown> });
    const keep = filter.filter.bind(filter) as FilterFunction<unknown>;
    return this.#operator('Filter', { kind: 'filter', filter: keep, lifecycle: filter });
  }

  /** Keeps some positions of tuples, in the order named. */
  project<const I extends readonly [TupleIndex<T>, ...TupleIndex<T>[]]>(...positions: I): SingleOutputStreamOperator<Projected<T, I>> {
    const type = this.declaredType();
    const fields = positions.map((position: FieldName) => type && checkedFieldType(position, type));
    const operation = this.#add('Projection', { kind: 'map', map: projection(positions) });
    const declared = fields.filter((field) => field !== undefined);
    if (declared.length === positions.length) operation.outputType = { kind: 'tuple', fields: declared };
    return this.program.operator(operation);
  }

  /** Hands each record to a function that can also emit to side outputs and knows the record's timestamp. */
  process<O>(process: ProcessFunction<T, O>): SingleOutputStreamOperator<O> {
    return this.#operator(this.processName, { kind: 'process', process });
  }

  /**
   * Sends records with the same key to the same subtask. The key is found by a function, or is a field: its position in
   * a tuple, its name, the path to it, or several of these.
   */
  keyBy<K>(selector: KeySelector<T, K>, keyType?: TypedInfo<K>): KeyedStream<T, K>;
  keyBy<const F extends readonly [Field<T>, ...Field<T>[]]>(...fields: F): KeyedStream<T, KeyOf<T, F>>;
  keyBy(...by: readonly unknown[]): KeyedStream<T, unknown> {
    const [selector, keyType] = by;
    const key =
      typeof selector === 'function'
        ? selectedKey(selector as KeySelector<never, unknown>, keyType as TypeInfo | undefined)
        : fieldsKey(by as readonly FieldName[], this.declaredType());
    return this.program.keyed(withPartitioning(this.inputs, { kind: 'hash', key }), key);
  }

  /** All records of these streams, in no particular order between them. */
  union(...others: readonly DataStream<T>[]): DataStream<T> {
    const inputs = [this, ...others].flatMap((stream) => this.inputsOf(stream));
    checkUnion(inputs);
    return this.program.stream(inputs);
  }

  /** Brings two streams to one operator without making them one. */
  connect<B>(other: DataStream<B>): ConnectedStreams<T, B>;
  /** With a stream that reaches every subtask. */
  connect<B>(other: BroadcastStream<B>): BroadcastConnectedStream<T, B>;
  connect<B>(other: DataStream<B> | BroadcastStream<B>): unknown {
    if (other instanceof BroadcastStream) return new BroadcastConnectedStream<T, B>(this.program, this.inputs, other);
    return this.program.connected(this.inputs, this.inputsOf(other));
  }

  /** Sends each record to a subtask chosen by chance. */
  shuffle(): DataStream<T> {
    return this.partitioned({ kind: 'shuffle' });
  }

  /** Sends records to the subtasks in turn. */
  rebalance(): DataStream<T> {
    return this.partitioned({ kind: 'rebalance' });
  }

  /** Sends records in turn to the few subtasks that belong to the sending one. */
  rescale(): DataStream<T> {
    return this.partitioned({ kind: 'rescale' });
  }

  /** Sends each record to every subtask. */
  broadcast(): DataStream<T>;
  /** Names the broadcast states that a function may change with these records: see {@link BroadcastProcessFunction}. */
  broadcast(...states: readonly [BroadcastStateDescriptor, ...BroadcastStateDescriptor[]]): BroadcastStream<T>;
  broadcast(...states: readonly BroadcastStateDescriptor[]): DataStream<T> | BroadcastStream<T> {
    if (states.length === 0) return this.partitioned({ kind: 'broadcast' });
    return new BroadcastStream<T>(withPartitioning(this.inputs, { kind: 'broadcast' }), states);
  }

  /** Sends all records to the first subtask. */
  global(): DataStream<T> {
    return this.partitioned({ kind: 'global' });
  }

  /** Hands records to the subtask with the same number; both operators must have the same parallelism. */
  forward(): DataStream<T> {
    return this.partitioned({ kind: 'forward' });
  }

  /** Sends each record to the subtask that the partitioner answers for its key. */
  partitionCustom<K>(partitioner: Partitioner<K>, key: KeySelector<T, K>): DataStream<T>;
  partitionCustom<const F extends Field<T>>(partitioner: Partitioner<FieldValue<T, F>>, key: F): DataStream<T>;
  partitionCustom(partitioner: Partitioner<never>, by: unknown): DataStream<T> {
    const key =
      typeof by === 'function' ? selectedKey(by as KeySelector<never, unknown>) : fieldsKey([by as FieldName], this.declaredType());
    return this.partitioned({ kind: 'custom', key, partitioner: partitioner as Partitioner<unknown> });
  }

  /**
   * Begins a loop: see {@link IterativeStream}. When this stream has ended, the loop ends as soon as nothing has come round for
   * `maxWait`; without it, never.
   */
  iterate(maxWait: Duration = 0): IterativeStream<T> {
    return this.program.iterative(this.inputs, maxWait);
  }

  /** Gives records their event time, and the stream its watermarks; those that came before count no longer. */
  assignTimestampsAndWatermarks(
    watermarks: WatermarkStrategy<T> | AssignerWithPeriodicWatermarks<T> | AssignerWithPunctuatedWatermarks<T>,
  ): SingleOutputStreamOperator<T> {
    const strategy = watermarks instanceof WatermarkStrategy ? watermarks : WatermarkStrategy.forAssigner(watermarks);
    return this.#operator('Timestamps/Watermarks', { kind: 'timestamps', watermarks: strategy as WatermarkStrategy<unknown> });
  }

  /** Puts all records, whatever their key, into windows. The operator has parallelism 1. */
  windowAll<W extends Window>(assigner: WindowAssigner<T, W>): AllWindowedStream<T, W> {
    const windows = new WindowOperation(assigner as unknown as WindowAssigner<unknown, Window>);
    return new AllWindowedStream<T, W>(windows, (spec, field) => {
      const type = this.declaredType();
      if (field !== undefined && type) checkedFieldType(field as FieldName, type);
      const inputs = withPartitioning(this.inputs, { kind: 'hash', key: SAME_KEY });
      const operation = this.program.add({ kind: 'window', key: SAME_KEY, ...spec }, windows.name, [inputs]);
      operation.nonParallel = true;
      operation.parallelism = 1;
      return this.program.operator(operation);
    });
  }

  /** Tumbling windows, or with `slide` sliding ones, of all records, by the environment's time characteristic. */
  timeWindowAll(size: Duration, slide?: Duration): AllWindowedStream<T, TimeWindow> {
    return this.windowAll(timeWindows(this.program.environment.getStreamTimeCharacteristic(), size, slide));
  }

  /** A window for each `size` records; with `slide` for every `slide` records the last `size` of them. */
  countWindowAll(size: number, slide?: number): AllWindowedStream<T, GlobalWindow> {
    return countWindows(this.windowAll<GlobalWindow>(GlobalWindows.create()), size, slide);
  }

  /** Pairs the records of two streams that have the same key and are in the same window. */
  join<B>(other: DataStream<B>): JoinedStreams<T, B> {
    return new JoinedStreams<T, B>(new CoWindows(this.program, this.inputs, this.inputsOf(other)));
  }

  /** Brings the records of two streams that have the same key and are in the same window to one function. */
  coGroup<B>(other: DataStream<B>): CoGroupedStreams<T, B> {
    return new CoGroupedStreams<T, B>(new CoWindows(this.program, this.inputs, this.inputsOf(other)));
  }

  /** Writes records to the standard output, as {@link formatRecord} shows them; `n>` tells the subtask when there are several. */
  print(identifier?: string): DataStreamSink<T> {
    return this.#sink(new PrintSink('stdout', identifier), 'Print to Std. Out');
  }

  /** As {@link print}, to the standard error output. */
  printToErr(identifier?: string): DataStreamSink<T> {
    return this.#sink(new PrintSink('stderr', identifier), 'Print to Std. Err');
  }

  /** Writes a line for each record, as {@link formatRecord} shows it. The file, or directory, is there when the job has succeeded. */
  writeAsText(path: string, mode?: WriteMode): DataStreamSink<T> {
    return this.#sink(new TextFileSink(this.#filePath(path), mode), 'Text File');
  }

  /** Writes a line with the fields of each record. The file, or directory, is there when the job has succeeded. */
  writeAsCsv(path: string, mode?: WriteMode, format?: CsvFormat): DataStreamSink<T> {
    return this.#sink(new CsvFileSink(this.#filePath(path), mode, format), 'CSV File');
  }

  /** Writes records to a server's socket, each as `serialize` answers it; by default a line of {@link formatRecord}. */
  writeToSocket(host: string, port: number, serialize?: (value: T) => string | Uint8Array): DataStreamSink<T> {
    return this.#sink(new SocketSink<T>(host, port, serialize), `Socket ${host}:${port}`);
  }

  /** Calls a function, or an object with a life cycle, for each record; or writes records by transactions; or is `sinkTo`. */
  addSink<X>(sink: SinkFunction<T> | RichSinkFunction<T> | TwoPhaseCommitSinkFunction<T, X> | Sink<T>): DataStreamSink<T> {
    if (sink instanceof TwoPhaseCommitSinkFunction) return this.sinkTo(new TwoPhaseCommitSink<T, X>(sink));
    return this.sinkTo('createWriter' in sink ? sink : new FunctionSink(sink));
  }

  sinkTo(sink: Sink<T>, name = 'Unnamed'): DataStreamSink<T> {
    return this.#sink(sink, name);
  }

  /**
   * Runs the program and hands its records of this stream to the caller: as they come, or a limited number of them as a
   * list, after which the job is cancelled. Failures of the job are thrown at the end of the records.
   */
  executeAndCollect(jobName?: string): Promise<AsyncIterable<T>>;
  executeAndCollect(limit: number): Promise<T[]>;
  executeAndCollect(jobName: string, limit: number): Promise<T[]>;
  async executeAndCollect(nameOrLimit?: string | number, limit?: number): Promise<AsyncIterable<T> | T[]> {
    const jobName = typeof nameOrLimit === 'string' ? nameOrLimit : undefined;
    const count = typeof nameOrLimit === 'number' ? nameOrLimit : limit;
    const records = this.collectAsync();
    await this.program.environment.executeAsync(jobName);
    return count === undefined ? records : records.take(count);
  }

  /** The records of this stream, to be read once the program has called `executeAsync`. */
  collectAsync(): CollectedRecords<T> {
    const records = new CollectedRecords<T>(this.program.environment);
    this.#sink(records.sink, 'Collect');
    return records;
  }

  /** For `AsyncDataStream`, which has the forms that programs use. */
  asyncWait<O>(wait: AsyncWait): SingleOutputStreamOperator<O> {
    return this.#operator('async wait operator', { kind: 'asyncWait', wait });
  }

  protected partitioned(partitioning: Partitioning): DataStream<T> {
    return this.program.stream(withPartitioning(this.inputs, partitioning));
  }

  protected declaredType(): TypeInfo | undefined {
    return declaredTypeOf(this.inputs);
  }

  /** The inputs of another stream of the same environment. */
  protected inputsOf<X>(stream: DataStream<X>): readonly StreamInput[] {
    if (stream.program === this.program) return stream.inputs;
    throw new InvalidProgramError(
      'streams of different environments cannot be brought together',
      'Make all streams of a job with one environment.',
    );
  }

  #filePath(path: string): string {
    return this.program.environment.absolutePath(path);
  }

  #add(name: string, spec: OperatorSpec): Operation {
    return this.program.add(spec, name, [this.inputs]);
  }

  #operator<O>(name: string, spec: OperatorSpec): SingleOutputStreamOperator<O> {
    return this.program.operator(this.#add(name, spec));
  }

  #sink(sink: Sink<T>, name: string): DataStreamSink<T> {
    return this.program.sink(this.#add(`Sink: ${name}`, { kind: 'sink', sink }));
  }
}

/** Of windows of all records. */
const SAME_KEY: KeySpec = { select: () => 0, type: Types.int };

function withPartitioning(inputs: readonly StreamInput[], partitioning: Partitioning): StreamInput[] {
  return inputs.map((input) => ({ ...input, partitioning }));
}

/** A copy of the tuple with the positions named. */
function projection(positions: readonly number[]): MapFunction<unknown, unknown> {
  return (value) => {
    const tuple = value as readonly unknown[];
    const projected: unknown[] = [];
    for (const position of positions) {
      if (position >= tuple.length) throw new MissingFieldError(String(position), shownRecord(tuple));
      projected.push(tuple[position]);
    }
    return projected;
  };
}

function checkUnion(inputs: readonly StreamInput[]): void {
  const seen = new Set<string>();
  for (const { from, outputTag, partitioning } of inputs) {
    const identity = `${from.position} ${outputTag ?? ''} ${partitioning?.kind ?? ''}`;
    if (seen.has(identity)) {
      throw new InvalidProgramError('A DataStream cannot be unioned with itself', 'Emit each record twice by "flatMap" instead.');
    }
    seen.add(identity);
  }
  const types = inputs.flatMap((input) => declaredTypeOf([input]) ?? []);
  const other = types.find((type) => !typesEqual(type, types[0]!));
  if (!other) return;
  const text = `Cannot union streams of different types: ${typeName(types[0]!)} and ${typeName(other)}`;
  throw new InvalidProgramError(text, 'Map the streams to one type first.');
}
