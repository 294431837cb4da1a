import { expect } from 'chai';
import { defaultMaxParallelism, newJobId } from '#core';
import { InvalidProgramError, OutputTag, type Sink, StreamExecutionEnvironment } from '#api';
import { decodeFromBase64 } from '../../../runtime/plan/plain-values.js';
import type { JobGraph } from '../../../runtime/plan/job-graph.js';
import { DuplicateOperatorIdError } from '../../../runtime/plan/operator-ids.js';
import { ParallelismAboveMaximumError, toJobGraph } from '../../../runtime/plan/to-job-graph.js';
import { programReference } from '../../support/program-reference.js';

function jobOf(program: (env: StreamExecutionEnvironment) => unknown, parallelism = 2): JobGraph {
  const env = StreamExecutionEnvironment.createLocalEnvironment(parallelism);
  program(env);
  return toJobGraph(env.getStreamGraph('test'), newJobId(), programReference());
}

const same = <T>(value: T): T => value;

describe('toJobGraph', () => {
  it('makes vertices of chains, with links inside and edges between them', () => {
    const job = jobOf((env) => {
      env.fromElements('a', 'b').map(same).keyBy(same).reduce(same).setParallelism(4).print();
    });
    expect(
      job.vertices.map(({ name, parallelism, operators, links }) => ({
        name,
        parallelism,
        kinds: operators.map(({ kind }) => kind),
        links,
      })),
    ).to.deep.equal([
      { name: 'Source: Collection Source', parallelism: 1, kinds: ['source'], links: [] },
      { name: 'Map', parallelism: 2, kinds: ['map'], links: [] },
      { name: 'Keyed Reduce', parallelism: 4, kinds: ['reduce'], links: [] },
      { name: 'Sink: Print to Std. Out', parallelism: 2, kinds: ['sink'], links: [] },
    ]);
    const [source, map, reduce, sink] = job.vertices;
    expect(
      job.edges.map(({ id, from, to, partitioning, fromNode, toNode, input }) => ({ id, from, to, partitioning, fromNode, toNode, input })),
    ).to.deep.equal([
      { id: 0, from: source?.id, to: map?.id, partitioning: 'rebalance', fromNode: 1, toNode: 2, input: 0 },
      { id: 1, from: map?.id, to: reduce?.id, partitioning: 'hash', fromNode: 2, toNode: 3, input: 0 },
      { id: 2, from: reduce?.id, to: sink?.id, partitioning: 'rebalance', fromNode: 3, toNode: 4, input: 0 },
    ]);
  });

  it('lets edges start at the operator whose output they carry, and end at the input they feed', () => {
    const tag = new OutputTag<number>('side');
    const job = jobOf((env) => {
      const numbers = env.fromSequence(1, 3).process<number>({ processElement: () => undefined });
      numbers.map(same).connect(numbers.getSideOutput(tag).rebalance()).map(same, same);
    });
    expect(job.vertices.map(({ name }) => name)).to.deep.equal(['Source: Sequence Source -> Process -> Map', 'Co-Map']);
    expect(job.vertices[0]?.links).to.deep.equal([
      { from: 1, to: 2, outputTag: undefined },
      { from: 2, to: 3, outputTag: undefined },
    ]);
    expect(job.edges.map(({ fromNode, input, outputTag, partitioning }) => ({ fromNode, input, outputTag, partitioning }))).to.deep.equal([
      { fromNode: 3, input: 0, outputTag: undefined, partitioning: 'forward' },
      { fromNode: 2, input: 1, outputTag: 'side', partitioning: 'rebalance' },
    ]);
  });

  it('takes the buffer timeout of the sending operator', () => {
    const job = jobOf((env) => {
      env.setBufferTimeout(7);
      env.fromSequence(1, 3).setBufferTimeout(0).rebalance().map(same).rebalance().print();
    });
    expect(job.edges.map(({ bufferTimeoutMs }) => bufferTimeoutMs)).to.deep.equal([0, 7]);
  });

  describe('max parallelism', () => {
    it("is the operator's, else the job's, else follows from the parallelism", () => {
      const program = (env: StreamExecutionEnvironment): unknown => env.fromSequence(1, 3).rebalance().map(same).setMaxParallelism(300);
      expect(jobOf(program, 100).vertices.map(({ maxParallelism }) => maxParallelism)).to.deep.equal([defaultMaxParallelism(100), 300]);
      expect(jobOf((env) => program(env.setMaxParallelism(200)), 100).vertices.map(({ maxParallelism }) => maxParallelism)).to.deep.equal([
        200, 300,
      ]);
    });

    it('below the parallelism is an error', () => {
      expect(() => jobOf((env) => env.fromSequence(1, 3).map(same).setParallelism(5).setMaxParallelism(4))).to.throw(InvalidProgramError);
      const env = StreamExecutionEnvironment.createLocalEnvironment(5);
      env.fromSequence(1, 3).map(same);
      const graph = env.getStreamGraph();
      const limited = { ...graph, settings: { ...graph.settings, maxParallelism: 4 } };
      expect(() => toJobGraph(limited, newJobId(), programReference())).to.throw(
        ParallelismAboveMaximumError,
        'operator "Source: Sequence Source" has parallelism 5, above its max parallelism 4',
      );
    });
  });

  describe('operator ids', () => {
    const idsOf = (program: (env: StreamExecutionEnvironment) => unknown): string[] =>
      jobOf(program).vertices.flatMap(({ operators }) => operators.map(({ operatorId }) => operatorId));
    const program =
      (uid?: string, uidHash?: string) =>
      (env: StreamExecutionEnvironment): void => {
        const mapped = env.fromSequence(1, 3).map(same);
        if (uid !== undefined) mapped.uid(uid);
        if (uidHash !== undefined) mapped.setUidHash(uidHash);
        mapped.print();
      };

    it('have 32 hexadecimal digits, differ, and are the same for the same program', () => {
      const ids = idsOf(program());
      for (const id of ids) expect(id).to.match(/^[0-9a-f]{32}$/);
      expect(new Set(ids).size).to.equal(3);
      expect(idsOf(program())).to.deep.equal(ids);
    });

    it('follow the uid wherever the operator stands', () => {
      const [, before] = idsOf(program('my-map'));
      const [, , , after] = idsOf((env) => {
        env.fromElements(1).print();
        env.fromSequence(1, 3).map(same).uid('my-map');
      });
      expect(after).to.equal(before);
      expect(idsOf(program('other'))[1]).to.not.equal(before);
    });

    it('are the uid hash where one is set', () => {
      expect(idsOf(program('my-map', '0123456789abcdef0123456789ABCDEF'))[1]).to.equal('0123456789abcdef0123456789abcdef');
    });

    it('are refused when two operators would have the same', () => {
      const hash = '0123456789abcdef0123456789abcdef';
      const twice = (env: StreamExecutionEnvironment): void => {
        const source = env.fromSequence(1, 3);
        source.map(same).setUidHash(hash);
        source.map(same).name('other').setUidHash(hash);
      };
      expect(() => idsOf(twice)).to.throw(DuplicateOperatorIdError, `operators "Map-2" and "other-3" have the same id "${hash}"`);
      const [ofSource] = idsOf(program());
      expect(() => idsOf(program('my-map', ofSource))).to.throw(
        DuplicateOperatorIdError,
        'operators "Source: Sequence Source-1" and "Map-2"',
      );
      const [, ofUid] = idsOf(program('my-map'));
      expect(() =>
        idsOf((env) => {
          env
            .fromSequence(1, 3)
            .setUidHash(ofUid ?? '')
            .map(same)
            .uid('my-map');
        }),
      ).to.throw(DuplicateOperatorIdError);
    });

    it('depend on kind and inputs without a uid', () => {
      const [, map] = idsOf((env) => env.fromSequence(1, 3).map(same));
      const [, filter] = idsOf((env) => env.fromSequence(1, 3).filter(() => true));
      const [, ofElements] = idsOf((env) => env.fromSequence(1, 3).uid('mine').map(same));
      expect(new Set([map, filter, ofElements]).size).to.equal(3);
    });
  });

  describe('combining before an exchange', () => {
    const combines = (program: (env: StreamExecutionEnvironment) => unknown): boolean[] =>
      jobOf(program).edges.map(({ combine }) => combine);
    const keyed = (env: StreamExecutionEnvironment) => env.fromSequence(1, 3).keyBy(same);

    it('is for batch, and for operators that reduce', () => {
      expect(combines((env) => keyed(env.setRuntimeMode('BATCH')).reduce(same))).to.deep.equal([true]);
      expect(combines((env) => env.setRuntimeMode('BATCH').fromElements({ k: 1, v: 2 }).keyBy('k').sum('v'))).to.deep.equal([true]);
      expect(combines((env) => keyed(env).reduce(same))).to.deep.equal([false]);
      expect(combines((env) => keyed(env.setRuntimeMode('BATCH')).fold(0, same))).to.deep.equal([false]);
      expect(combines((env) => keyed(env.setRuntimeMode('BATCH')).map(same))).to.deep.equal([false]);
    });

    it('is not for rich functions, which are opened where their operator runs', () => {
      expect(combines((env) => keyed(env.setRuntimeMode('BATCH')).reduce({ open: () => undefined, reduce: same }))).to.deep.equal([false]);
    });
  });

  it('ships what sources and sinks want to be the same everywhere', () => {
    class PlacedSink implements Sink<string> {
      place = 'here';
      createWriter = (): never => {
        throw new TypeError('nothing is written');
      };
      shipped = (): unknown[] => [this.place];
    }
    const { shipped } = jobOf((env) => env.fromElements('a', 'b').sinkTo(new PlacedSink()));
    expect(Object.entries(shipped).map(([node, text]) => [node, decodeFromBase64(text)])).to.deep.equal([
      ['1', ['a', 'b']],
      ['2', ['here']],
    ]);
  });

  it('is plain data that JSON carries', () => {
    const job = jobOf((env) => env.fromElements('a').keyBy(same).reduce(same).print());
    const { settings, edges, ...others } = JSON.parse(JSON.stringify(job)) as JobGraph;
    expect({ ...others, vertices: others.vertices.length }).to.deep.include({
      name: 'test',
      jobId: job.jobId,
      fingerprint: job.fingerprint,
      vertices: 2,
    });
    expect([settings.runtimeMode, edges.length]).to.deep.equal(['STREAMING', 1]);
  });
});
