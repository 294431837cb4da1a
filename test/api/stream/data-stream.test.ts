import { expect } from 'chai';
import { Types } from '#core';
import {
  DiscardingSink,
  DuplicateUidError,
  ForwardPartitioningError,
  InvalidFieldError,
  InvalidProgramError,
  MissingFieldError,
  NonParallelOperatorError,
  OutputTag,
  StreamExecutionEnvironment,
  type OperatorSpec,
  type StreamGraph,
} from '#api';
import { RecordingExecutor } from '../../support/recording-executor.js';

interface Word {
  readonly word: string;
  readonly count: number;
  readonly at: { readonly line: number };
}
const WORD: Word = { word: 'be', count: 2, at: { line: 7 } };

describe('DataStream', () => {
  const executor = new RecordingExecutor();
  let env: StreamExecutionEnvironment;
  beforeEach(() => {
    executor.install();
    env = StreamExecutionEnvironment.getExecutionEnvironment();
  });
  afterEach(() => {
    executor.uninstall();
  });
  const specs = (graph: StreamGraph): OperatorSpec[] => graph.nodes.map(({ spec }) => spec);
  const lastSpec = <K extends OperatorSpec['kind']>(kind: K): Extract<OperatorSpec, { kind: K }> => {
    const spec = specs(env.getStreamGraph()).at(-1);
    expect(spec?.kind).to.equal(kind);
    return spec as Extract<OperatorSpec, { kind: K }>;
  };
  const edges = (): string[] =>
    env
      .getStreamGraph()
      .edges.map(({ from, to, input, partitioning, outputTag }) =>
        `${from}->${to}.${input} ${partitioning.kind} ${outputTag ?? ''}`.trim(),
      );

  it('keeps plain functions as they are, and finds those of rich ones', () => {
    const double = (n: number): number => n * 2;
    const rich = {
      factor: 3,
      map(n: number) {
        return n * this.factor;
      },
      open: () => undefined,
    };
    env
      .fromElements(1)
      .map(double)
      .map(rich)
      .filter({ filter: (n) => n > 1 })
      .flatMap({ flatMap: (n) => [n, n] });
    const [, plain, bound, filter, flatMap] = specs(env.getStreamGraph());
    expect(plain).to.deep.equal({ kind: 'map', map: double });
    expect(bound).to.have.property('lifecycle', rich);
    expect(bound?.kind === 'map' && bound.map(2)).to.equal(6);
    expect(filter?.kind === 'filter' && filter.filter(1)).to.equal(false);
    expect(flatMap?.kind === 'flatMap' && flatMap.flatMap(1, { collect: () => undefined })).to.deep.equal([1, 1]);
  });

  it('projects tuples, and their type', () => {
    env.fromCollection([['a', 1, true]] as [string, number, boolean][], Types.tuple(Types.string, Types.int, Types.boolean)).project(2, 0);
    const { map } = lastSpec('map');
    expect(map(['a', 1, true])).to.deep.equal([true, 'a']);
    expect(() => map(['a'])).to.throw(MissingFieldError, 'a record has no field "2": it is a tuple of 1');
    expect(env.getStreamGraph().nodes.at(-1)?.outputType).to.deep.equal(Types.tuple(Types.boolean, Types.string));
  });

  it('finds keys by function, name, path, position and several of them', () => {
    const words = env.fromElements(WORD);
    const tuples = env.fromElements<[string, number]>(['a', 1]);
    const sum = { kind: 'fieldAggregate', aggregation: 'sum', first: true } as const;
    const keyOf = (value: unknown): unknown => lastSpec('fieldAggregate').key.select(value);

    words.keyBy((word) => word.count * 10).sum('count');
    expect(lastSpec('fieldAggregate')).to.deep.include({ ...sum, field: 'count' });
    expect(keyOf(WORD)).to.equal(20);
    words.keyBy('word').sum('at.line');
    expect(lastSpec('fieldAggregate')).to.have.property('field', 'at.line');
    expect(lastSpec('fieldAggregate').key.field).to.equal('word');
    expect(keyOf(WORD)).to.equal('be');
    words.keyBy('at.line').sum('count');
    expect(lastSpec('fieldAggregate').key.field).to.equal('at.line');
    expect(keyOf(WORD)).to.equal(7);
    words.keyBy('word', 'at.line').sum('count');
    expect(lastSpec('fieldAggregate').key.field).to.equal(undefined);
    expect(keyOf(WORD)).to.deep.equal(['be', 7]);
    tuples.keyBy(0).sum(1);
    expect(lastSpec('fieldAggregate')).to.deep.include({ field: '1' });
    expect(lastSpec('fieldAggregate').key.field).to.equal('0');
    expect(keyOf(['a', 1])).to.equal('a');
  });

  it('names the fields of a record that lacks the key', () => {
    const words = env.fromElements(WORD);
    words.keyBy('at.line').sum('count');
    const { select } = lastSpec('fieldAggregate').key;
    expect(() => select({ at: { row: 1, column: 2 } })).to.throw(
      MissingFieldError,
      'a record has no field "at.line": it is an object with the fields "row", "column"',
    );
    expect(() => select({})).to.throw(MissingFieldError, 'an object with the fields (none)');
    expect(() => select(null)).to.throw(MissingFieldError, 'it is null');
    words.keyBy('word').sum('count');
    expect(() => lastSpec('fieldAggregate').key.select('text')).to.throw(MissingFieldError, 'it is a string');
  });

  it('checks fields against declared types where the program is built', () => {
    const words = env.fromCollection([{ word: 'a', n: 1 }], Types.object({ word: Types.string, n: Types.int })) as never as {
      keyBy(field: unknown): { sum(field: unknown): unknown };
    };
    expect(() => words.keyBy('wrod')).to.throw(InvalidFieldError, 'Unable to find field "wrod" in type { word: String, n: Integer }.');
    expect(() => words.keyBy(0)).to.throw(
      InvalidFieldError,
      'Specifying keys via field positions is only valid for tuple data types. Type: { word: String, n: Integer }',
    );
    expect(() => words.keyBy('word.length')).to.throw(InvalidFieldError);
    expect(() => words.keyBy('word').sum('m')).to.throw(InvalidFieldError, 'Unable to find field "m"');
    expect(() => words.keyBy(-1)).to.throw(InvalidFieldError);
  });

  it('knows the type of a key from that of the records', () => {
    env
      .fromCollection([{ word: 'a', n: 1 }], Types.object({ word: Types.string, n: Types.int }))
      .filter(() => true)
      .keyBy('n', 'word')
      .sum('n');
    expect(lastSpec('fieldAggregate').key.type).to.deep.equal(Types.tuple(Types.int, Types.string));
    expect(env.getStreamGraph().nodes.at(-1)?.outputType?.kind).to.equal('object');
  });

  it('describes rolling operations of keys', () => {
    const keyed = env.fromElements(WORD).keyBy('word');
    keyed.minBy('count', false);
    expect(lastSpec('fieldAggregate')).to.deep.include({ aggregation: 'minBy', first: false });
    keyed.reduce((left) => left);
    expect(lastSpec('reduce').key.field).to.equal('word');
    keyed.fold<string[]>([], (list, { word }) => [...list, word]);
    const { initial } = lastSpec('fold');
    expect(initial()).to.deep.equal([]);
    expect(initial()).to.not.equal(initial());
    keyed.fold(
      () => new Map<string, number>(),
      (map) => map,
    );
    expect(lastSpec('fold').initial()).to.be.instanceOf(Map);
    const count = {
      createAccumulator: () => 0,
      add: (_: Word, n: number) => n + 1,
      getResult: (n: number) => n,
      merge: (a: number, b: number) => a + b,
    };
    keyed.aggregate(count);
    expect(lastSpec('aggregate').aggregate).to.equal(count);
  });

  it('unites streams', () => {
    const [a, b, c] = [env.fromElements(1), env.fromElements(2), env.fromElements(3)];
    a.union(b.broadcast(), c)
      .map((n) => n)
      .setParallelism(1);
    expect(edges()).to.deep.equal(['1->4.0 forward', '2->4.0 broadcast', '3->4.0 forward']);
    expect(() => a.union(a)).to.throw(InvalidProgramError, 'A DataStream cannot be unioned with itself');
    const strings = env.fromCollection(['a'], Types.string) as never;
    expect(() => env.fromSequence(1, 2).union(strings)).to.throw(
      InvalidProgramError,
      'Cannot union streams of different types: Long and String',
    );
    const other = StreamExecutionEnvironment.getExecutionEnvironment().fromElements(1);
    expect(() => a.union(other)).to.throw(InvalidProgramError, 'streams of different environments');
  });

  it('connects streams, by key if asked for', () => {
    const words = env.fromElements(WORD);
    const numbers = env.fromElements(1);
    words.connect(numbers).map(
      ({ word }) => word,
      (n) => String(n),
    );
    expect(lastSpec('coMap').coMap.map2(5)).to.equal('5');
    words
      .connect(numbers)
      .keyBy(
        ({ count }) => count,
        (n) => n,
      )
      .flatMap({ flatMap1: () => undefined, flatMap2: () => undefined });
    words
      .connect(words)
      .keyBy('word', 'word')
      .process({ processElement1: () => undefined, processElement2: () => undefined });
    expect(edges()).to.deep.equal(['1->3.0 rebalance', '2->3.1 rebalance', '1->4.0 hash', '2->4.1 hash', '1->5.0 hash', '1->5.1 hash']);
  });

  it('spreads records as it is told', () => {
    const source = env.fromSequence(1, 10);
    for (const stream of [
      source,
      source.shuffle(),
      source.rebalance(),
      source.rescale(),
      source.broadcast(),
      source.global(),
      source.forward(),
    ]) {
      stream.map((n) => n);
    }
    source
      .partitionCustom(
        (key: number, subtasks) => key % subtasks,
        (n) => n,
      )
      .map((n) => n);
    source.keyBy((n) => n).filter(() => true);
    expect(edges().map((edge) => edge.split(' ')[1])).to.deep.equal([
      'forward',
      'shuffle',
      'rebalance',
      'rescale',
      'broadcast',
      'global',
      'forward',
      'custom',
      'hash',
    ]);
    expect(() => source.keyBy((n) => n).rebalance()).to.throw(InvalidProgramError, 'Cannot override partitioning for KeyedStream.');
  });

  it('refuses forward where the parallelism changes', () => {
    env
      .fromSequence(1, 2)
      .setParallelism(2)
      .forward()
      .map((n) => n)
      .setParallelism(3);
    expect(() => env.getStreamGraph()).to.throw(
      ForwardPartitioningError,
      'Forward partitioning does not allow change of parallelism. Upstream operation: Source: Sequence Source-1 parallelism: 2, ' +
        'downstream operation: Map-2 parallelism: 3 ' +
        'You must use another partitioning strategy, such as broadcast, rebalance, shuffle or global.',
    );
  });

  it('takes side outputs to where they are read', () => {
    const late = new OutputTag<string>('late');
    const main = env.fromElements(1).process<number>({
      processElement: (n, context) => {
        context.output(late, String(n));
      },
    });
    main.getSideOutput(late).map((text) => text.length);
    expect(edges()).to.deep.equal(['1->2.0 rebalance', '2->3.0 forward late']);
  });

  it('passes settings of operators on', () => {
    env
      .fromSequence(1, 2)
      .name('numbers')
      .uid('source')
      .map((n) => n)
      .name('same')
      .uid('map')
      .setUidHash('ABCDEF0123456789abcdef0123456789')
      .setParallelism(2)
      .setMaxParallelism(64)
      .setBufferTimeout(-1)
      .slotSharingGroup('mine')
      .startNewChain()
      .returns(Types.int)
      .filter(() => true)
      .forceNonParallel()
      .disableChaining()
      .sinkTo(new DiscardingSink(), 'Void')
      .uid('sink')
      .setMaxParallelism(8)
      .disableChaining()
      .name('Nothing');
    const [source, map, filter, sink] = env.getStreamGraph().nodes;
    expect(source).to.include({
      name: 'Source: numbers',
      uid: 'source',
      slotSharingGroup: 'default',
      parallelism: 4,
      bufferTimeoutMs: 100,
    });
    expect(map).to.include({
      name: 'same',
      uid: 'map',
      uidHash: 'abcdef0123456789abcdef0123456789',
      parallelism: 2,
      maxParallelism: 64,
      bufferTimeoutMs: -1,
      slotSharingGroup: 'mine',
      chaining: 'head',
      outputType: Types.int,
    });
    expect(filter).to.include({ parallelism: 1, chaining: 'never', slotSharingGroup: 'mine', outputType: Types.int });
    expect(sink).to.include({ name: 'Sink: Nothing', uid: 'sink', maxParallelism: 8, chaining: 'never' });
  });

  it('refuses settings that cannot be', () => {
    const numbers = env.fromElements(1, 2);
    expect(() => numbers.setParallelism(2)).to.throw(NonParallelOperatorError, 'The parallelism of non parallel operator must be 1.');
    expect(() =>
      numbers
        .map((n) => n)
        .forceNonParallel()
        .setParallelism(3),
    ).to.throw(NonParallelOperatorError);
    expect(() => numbers.map((n) => n).setParallelism(0)).to.throw('the parallelism must be a whole number from 1 to 32768, not "0"');
    expect(() => numbers.map((n) => n).setUidHash('xyz')).to.throw(InvalidProgramError, 'Node hash must be a 32 character String');
  });

  it('refuses ids that are used twice', () => {
    env
      .fromElements(1)
      .map((n) => n)
      .uid('a')
      .map((n) => n)
      .uid('a');
    expect(() => env.getStreamGraph()).to.throw(DuplicateUidError, 'Hash collision on user-specified ID "a".');
  });

  it('refuses a maximum parallelism below the parallelism', () => {
    env
      .fromSequence(1, 2)
      .map((n) => n)
      .setMaxParallelism(2);
    expect(() => env.getStreamGraph()).to.throw(
      InvalidProgramError,
      'The maximum parallelism (2) of the stream node Map-2 is smaller than the parallelism (4).',
    );
  });

  it('refuses endless sources in a batch', () => {
    env.setRuntimeMode('BATCH').socketTextStream('localhost', 1).print();
    expect(() => env.getStreamGraph()).to.throw(
      InvalidProgramError,
      "Detected an UNBOUNDED source with the 'execution.runtime-mode' set to 'BATCH'",
    );
  });
});
