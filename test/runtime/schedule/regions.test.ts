import { expect } from 'chai';
import fc from 'fast-check';
import type { BlobKey } from '#core';
import { producersOf } from '../../../runtime/plan/distribution.js';
import type { JobGraph } from '../../../runtime/plan/job-graph.js';
import { regionsOf } from '../../../runtime/schedule/regions.js';
import { sampleGraph } from '../../support/sample-graph.js';

const BUNDLE = '0'.repeat(64) as BlobKey;
const EDGES = ['forward', 'rescale', 'hash', 'rebalance'] as const;

function described(graph: JobGraph): readonly string[] {
  const names = new Map(graph.vertices.map(({ id }, index) => [id, String(index)]));
  return regionsOf(graph, 'region').map(({ subtasks }) =>
    subtasks.map(({ vertexId, subtaskIndex }) => `${names.get(vertexId)}/${subtaskIndex}`).join(' '),
  );
}

describe('regions of a job', () => {
  it('are one when all of the job restarts', () => {
    const graph = sampleGraph(BUNDLE, [{ parallelism: 2 }, { parallelism: 2, partitioning: 'forward' }]);
    expect(regionsOf(graph, 'full').map(({ id, subtasks }) => [id, subtasks.length])).to.deep.equal([[0, 4]]);
  });

  it('are what channels connect', () => {
    const forward = sampleGraph(BUNDLE, [{ parallelism: 2 }, { parallelism: 2, partitioning: 'forward' }]);
    expect(described(forward)).to.deep.equal(['0/0 1/0', '0/1 1/1']);
    expect(described({ ...forward, edges: [] })).to.deep.equal(['0/0', '0/1', '1/0', '1/1']);
    const rescaled = sampleGraph(BUNDLE, [{ parallelism: 2 }, { parallelism: 4, partitioning: 'rescale' }]);
    expect(described(rescaled)).to.deep.equal(['0/0 1/0 1/1', '0/1 1/2 1/3']);
    expect(described(sampleGraph(BUNDLE, [{ parallelism: 3 }, { parallelism: 2 }]))).to.have.length(1);
  });

  it('hold all readers of an enumerator, and all ends of loops', () => {
    const graph = sampleGraph(BUNDLE, [{ parallelism: 2 }, { parallelism: 2 }, { parallelism: 1 }], { edges: [] });
    const [first, second, third] = graph.vertices;
    const coordinated = { ...graph, vertices: [{ ...first!, coordinated: true }, second!, third!] };
    expect(described(coordinated)).to.deep.equal(['0/0 0/1', '1/0', '1/1', '2/0']);
    const head = { ...first!, operators: [{ ...first!.operators[0]!, kind: 'iterationHead' }] };
    const tail = { ...third!, operators: [{ ...third!.operators[0]!, kind: 'iterationTail' }] };
    expect(described({ ...graph, vertices: [head, second!, tail] })).to.deep.equal(['0/0 0/1 2/0', '1/0', '1/1']);
  });

  it('hold every subtask once, and no channel leads from one to another', () => {
    const vertex = fc.record({ parallelism: fc.integer({ min: 1, max: 6 }), partitioning: fc.constantFrom(...EDGES) });
    fc.assert(
      fc.property(fc.array(vertex, { minLength: 1, maxLength: 6 }), (drawn) => {
        const vertices = drawn.map((one, index) =>
          one.partitioning === 'forward' && index > 0
            ? { ...one, parallelism: drawn[0]!.parallelism }
            : { ...one, parallelism: one.parallelism },
        );
        const made = sampleGraph(BUNDLE, vertices);
        const parallelism = new Map(made.vertices.map(({ id, parallelism: count }) => [id, count]));
        const edges = made.edges.filter(
          ({ partitioning, from, to }) => partitioning !== 'forward' || parallelism.get(from) === parallelism.get(to),
        );
        const graph = { ...made, edges };
        const regionOf = new Map(
          regionsOf(graph, 'region').flatMap(({ id, subtasks }) =>
            subtasks.map(({ vertexId, subtaskIndex }) => [`${vertexId}/${subtaskIndex}`, id] as const),
          ),
        );
        expect(regionOf.size).to.equal(vertices.reduce((sum, { parallelism: count }) => sum + count, 0));
        for (const { from, to, partitioning } of edges) {
          for (let consumer = 0; consumer < parallelism.get(to)!; consumer++) {
            for (const producer of producersOf(partitioning, consumer, parallelism.get(from)!, parallelism.get(to)!)) {
              expect(regionOf.get(`${from}/${producer}`)).to.equal(regionOf.get(`${to}/${consumer}`));
            }
          }
        }
      }),
    );
  });
});
