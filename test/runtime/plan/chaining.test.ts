import { expect } from 'chai';
import { type DataStream, OutputTag, StreamExecutionEnvironment } from '#api';
import { chainName, formChains } from '../../../runtime/plan/chaining.js';

type Program = (env: StreamExecutionEnvironment) => unknown;

function chainNames(program: Program, parallelism = 2): string[] {
  const env = StreamExecutionEnvironment.createLocalEnvironment(parallelism);
  program(env);
  return formChains(env.getStreamGraph()).map(chainName);
}

const source = (env: StreamExecutionEnvironment): DataStream<number> => env.fromSequence(1, 10);
const same = (value: number): number => value;

describe('chaining', () => {
  it('makes one chain of operators that hand records on where they are', () => {
    expect(
      chainNames((env) =>
        source(env)
          .map(same)
          .filter(() => true)
          .flatMap((value) => [value])
          .print(),
      ),
    ).to.deep.equal(['Source: Sequence Source -> Map -> Filter -> Flat Map -> Sink: Print to Std. Out']);
  });

  it('makes a tree of operators with several consumers, named as in Flink', () => {
    expect(
      chainNames((env) => {
        const mapped = source(env).map(same).name('a');
        mapped.map(same).name('b').print('left');
        mapped.map(same).name('c');
        mapped.map(same).name('d').map(same).name('e');
      }),
    ).to.deep.equal(['Source: Sequence Source -> a -> (b -> Sink: Print to Std. Out, c, d -> e)']);
  });

  it('chains the readers of a side output', () => {
    const tag = new OutputTag<number>('late');
    expect(
      chainNames((env) => {
        const processed = source(env).process<number>({ processElement: () => undefined });
        processed.getSideOutput(tag).map(same).name('late');
        processed.map(same).name('main');
      }),
    ).to.deep.equal(['Source: Sequence Source -> Process -> (late, main)']);
  });

  const cut = (head: string): string[] => ['Source: Sequence Source', head];
  const reasons: Readonly<Record<string, Program>> = {
    'a rebalance': (env) => source(env).rebalance().map(same),
    'a rescale': (env) => source(env).rescale().map(same),
    'a shuffle': (env) => source(env).shuffle().map(same),
    'a broadcast': (env) => source(env).broadcast().map(same),
    'a global partitioning': (env) => source(env).global().map(same),
    'a custom partitioning': (env) =>
      source(env)
        .partitionCustom((key: number, subtasks) => key % subtasks, same)
        .map(same),
    'another parallelism': (env) => source(env).map(same).setParallelism(3),
    'another max parallelism': (env) => source(env).map(same).setMaxParallelism(64),
    'another slot sharing group': (env) => source(env).map(same).slotSharingGroup('other'),
    'a new chain that was asked for': (env) => source(env).map(same).startNewChain(),
    'chaining switched off for the operator': (env) => source(env).map(same).disableChaining(),
    'chaining switched off for its input': (env) => env.fromSequence(1, 10).disableChaining().map(same),
    'chaining switched off for the job': (env) => source(env.disableOperatorChaining()).map(same),
  };
  for (const [reason, program] of Object.entries(reasons)) {
    it(`is stopped by ${reason}`, () => {
      expect(chainNames(program)).to.deep.equal(cut('Map'));
    });
  }

  it('is stopped by a key', () => {
    expect(
      chainNames((env) =>
        source(env)
          .keyBy(same)
          .reduce((left) => left),
      ),
    ).to.deep.equal(cut('Keyed Reduce'));
  });

  it('is stopped by several inputs', () => {
    expect(chainNames((env) => source(env).union(source(env)).map(same))).to.deep.equal([
      'Source: Sequence Source',
      'Source: Sequence Source',
      'Map',
    ]);
    expect(chainNames((env) => source(env).connect(source(env)).map(same, same))).to.deep.equal([
      'Source: Sequence Source',
      'Source: Sequence Source',
      'Co-Map',
    ]);
  });

  it('goes on behind an operator that starts a chain', () => {
    expect(
      chainNames((env) =>
        source(env)
          .map(same)
          .startNewChain()
          .filter(() => true),
      ),
    ).to.deep.equal(['Source: Sequence Source', 'Map -> Filter']);
  });

  it('goes on with forward asked for', () => {
    expect(chainNames((env) => source(env).forward().map(same))).to.deep.equal(['Source: Sequence Source -> Map']);
  });
});
