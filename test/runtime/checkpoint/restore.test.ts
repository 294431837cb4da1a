import { expect } from 'chai';
import fc from 'fast-check';
import { type BlobKey, keyGroupRange } from '#core';
import type { ListMode, OperatorSnapshot } from '../../../runtime/checkpoint/handles.js';
import { planRestore, type RestorePlan } from '../../../runtime/checkpoint/restore.js';
import { keyedSnapshot, metadataOf, operatorMetadata, segment } from '../../support/sample-checkpoint.js';
import { sampleGraph, vertexId } from '../../support/sample-graph.js';

const OPERATOR = vertexId(0);
const options = { path: 'file:///s', allowNonRestored: false };
const nothing = new Uint8Array();

describe('restoring', () => {
  function graphOf(parallelism: number): ReturnType<typeof sampleGraph> {
    return sampleGraph('b' as BlobKey, [{ parallelism }]);
  }

  function keyedBy(parallelism: number): readonly OperatorSnapshot[] {
    return Array.from({ length: parallelism }, (_, index) => {
      const { first, last } = keyGroupRange(index, 128, parallelism);
      return keyedSnapshot([segment(`s${index}`, { kind: 'inline', bytes: nothing })], first, last);
    });
  }

  function listOf(mode: ListMode, counts: readonly number[]): readonly OperatorSnapshot[] {
    return counts.map((count, index) => ({
      lists: { list: { mode, count, elements: { kind: 'inline', bytes: Uint8Array.of(index) } } },
    }));
  }

  function restore(subtasks: readonly OperatorSnapshot[], parallelism: number): RestorePlan {
    return planRestore(metadataOf({ operators: [operatorMetadata(OPERATOR, subtasks)] }), graphOf(parallelism), options);
  }

  /** As `former:from-to`, for each subtask. */
  function partsOf(plan: RestorePlan): readonly (readonly string[])[] {
    return plan.subtasks.map(({ operators }) =>
      (operators[OPERATOR]?.lists['list'] ?? []).map(({ handle: { elements }, from, to }) =>
        elements.kind === 'inline' ? `${elements.bytes[0]}:${from}-${to}` : '',
      ),
    );
  }

  const parallelism = fc.integer({ min: 1, max: 12 });

  it('gives each subtask exactly the handles whose key groups overlap its own', () => {
    fc.assert(
      fc.property(parallelism, parallelism, (before, after) => {
        const saved = keyedBy(before);
        restore(saved, after).subtasks.forEach(({ operators }, index) => {
          const { first, last } = keyGroupRange(index, 128, after);
          const given = new Set(operators[OPERATOR]!.keyed);
          saved.forEach(({ keyed }) => {
            const overlaps = Array.from({ length: 128 }, (_, group) => group).some(
              (group) => group >= first && group <= last && group >= keyed!.keyGroups.first && group <= keyed!.keyGroups.last,
            );
            expect(given.has(keyed!)).to.equal(overlaps);
          });
        });
      }),
    );
  });

  it('splits lists evenly, each element once and in order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 6 }), parallelism, (counts, after) => {
        const parts = restore(listOf('split', counts), after).subtasks.map(({ operators }) => operators[OPERATOR]?.lists['list'] ?? []);
        const elements = parts.map((given) =>
          given.flatMap(({ handle, from, to }) => Array.from({ length: to - from }, (_, at) => `${JSON.stringify(handle)}/${from + at}`)),
        );
        const total = counts.reduce((sum, count) => sum + count, 0);
        expect(new Set(elements.flat()).size).to.equal(total);
        expect(elements.flat()).to.have.length(total);
        if (after === counts.length) return;
        const sizes = elements.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).to.be.at.most(1);
      }),
    );
  });

  it('leaves lists with their subtasks while the parallelism stays, unites and broadcasts otherwise', () => {
    expect(partsOf(restore(listOf('split', [3, 0, 1]), 3))).to.deep.equal([['0:0-3'], [], ['2:0-1']]);
    expect(partsOf(restore(listOf('split', [3, 1]), 3))).to.deep.equal([['0:0-1'], ['0:1-2'], ['0:2-3', '1:0-1']]);
    expect(partsOf(restore(listOf('union', [2, 1]), 3))).to.deep.equal([
      ['0:0-2', '1:0-1'],
      ['0:0-2', '1:0-1'],
      ['0:0-2', '1:0-1'],
    ]);
    expect(partsOf(restore(listOf('broadcast', [2, 2]), 3))).to.deep.equal([['0:0-2'], ['0:0-2'], ['0:0-2']]);
  });

  describe('a changed program', () => {
    const saved = metadataOf({
      kind: 'savepoint',
      operators: [
        operatorMetadata('f'.repeat(32), listOf('split', [1]), { uid: 'counts', name: 'Step 0' }),
        operatorMetadata('e'.repeat(32), [], { name: 'Stateless' }),
      ],
    });

    it('that has no operator for some state is an error in the words of Flink, with both sides', () => {
      expect(() => planRestore(saved, graphOf(1), options)).to.throw(
        new RegExp(
          '^Failed to rollback to checkpoint/savepoint file:///s\\. Cannot map checkpoint/savepoint state for operator f{32} to the new ' +
            'program, because the operator is not available in the new program\\. [^]*' +
            '- f{32} uid "counts" "Step 0", parallelism 1, state: split list "list"[^]*' +
            '\\+ 0{32} \\(no uid\\) "Step 0", parallelism 1[^]*"Step 0" may now be "Step 0": give that operator the uid "counts"',
        ),
      );
    });

    it('goes on without that state when it may', () => {
      const plan = planRestore(saved, graphOf(1), { ...options, allowNonRestored: true });
      expect(plan.dropped.map(({ uid }) => uid)).to.deep.equal(['counts']);
      expect(plan.subtasks[0]!.operators).to.deep.equal({});
    });

    it('cannot have another max parallelism where there is keyed state', () => {
      const keyed = [keyedSnapshot([segment('s', { kind: 'inline', bytes: nothing })], 0, 63, 64)];
      const metadata = metadataOf({ operators: [operatorMetadata(OPERATOR, keyed)] });
      expect(() => planRestore(metadata, graphOf(2), options)).to.throw(
        /Cannot map operator 0{32} with max parallelism 64 to new program with max parallelism 128\. This indicates/,
      );
      expect(() => planRestore(metadata, graphOf(65), options)).to.throw(
        /^The state for task Step 0 can not be restored\. The maximum parallelism \(64\) of the restored state is lower than the configured/,
      );
    });
  });

  describe('tasks that had finished', () => {
    const left = (name: string): { steps: { kind: 'delete'; path: string }[]; accumulators: Record<string, unknown> } => ({
      steps: [{ kind: 'delete', path: name }],
      accumulators: { lines: { kind: 'sum', value: 1 } },
    });
    const finishedAfter = (which: readonly number[], before: number, after: number): RestorePlan =>
      planRestore(
        metadataOf({
          finished: [
            {
              vertexId: OPERATOR,
              name: 'Step 0',
              parallelism: before,
              subtasks: new Map(which.map((index) => [index, left(`p${index}`)])),
            },
          ],
        }),
        graphOf(after),
        options,
      );
    const pathsOf = (plan: RestorePlan): readonly (readonly string[] | undefined)[] =>
      plan.subtasks.map(({ finished }) => finished?.steps.map((step) => (step.kind === 'delete' ? step.path : '')));

    it('stay so, and what they left is told once', () => {
      expect(pathsOf(finishedAfter([1], 2, 2))).to.deep.equal([undefined, ['p1']]);
      expect(pathsOf(finishedAfter([0, 1], 2, 3))).to.deep.equal([['p0'], ['p1'], []]);
      const fewer = finishedAfter([0, 1, 2], 3, 2);
      expect(pathsOf(fewer)).to.deep.equal([['p0', 'p2'], ['p1']]);
      expect(fewer.subtasks[0]!.finished!.accumulators).to.deep.equal({ lines: { kind: 'sum', value: 2 } });
    });

    it('run again when only some had and their number changes; what they left is carried', () => {
      const plan = finishedAfter([0], 2, 3);
      expect(pathsOf(plan)).to.deep.equal([undefined, undefined, undefined]);
      expect(plan.carried).to.deep.equal([left('p0')]);
    });
  });
});
