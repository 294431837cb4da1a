import { expect } from 'chai';
import fc from 'fast-check';
import { type BlobKey, newJobId, type TaskManagerId } from '#core';
import { SlotPool } from '../../../runtime/schedule/slot-pool.js';
import { slotRequestsOf } from '../../../runtime/schedule/slot-sharing.js';
import { spreadOut } from '../../../runtime/schedule/spread-out.js';
import { sampleGraph } from '../../support/sample-graph.js';

const BUNDLE = '0'.repeat(64) as BlobKey;

describe('slot sharing', () => {
  it('needs as many slots as the widest vertex of each group, and runs every subtask once', () => {
    const vertex = fc.record({ parallelism: fc.integer({ min: 1, max: 9 }), group: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(fc.array(vertex, { minLength: 1, maxLength: 8 }), (vertices) => {
        const requests = slotRequestsOf(sampleGraph(BUNDLE, vertices));
        const widths = ['a', 'b', 'c'].map((group) => Math.max(0, ...vertices.filter((v) => v.group === group).map((v) => v.parallelism)));
        expect(requests).to.have.length(widths.reduce((sum, width) => sum + width, 0));
        const subtasks = requests.flatMap((request) => request.subtasks.map((subtask) => `${subtask.vertexId}/${subtask.subtaskIndex}`));
        expect(new Set(subtasks).size)
          .to.equal(subtasks.length)
          .and.to.equal(vertices.reduce((sum, v) => sum + v.parallelism, 0));
        for (const { index, subtasks: shared } of requests) expect(shared.every((subtask) => subtask.subtaskIndex === index)).to.be.true;
      }),
    );
  });
});

describe('spreadOut', () => {
  const offer = (target: string, free: number, total = free) => ({ target, total, free: Array.from({ length: free }, (_, slot) => slot) });

  it('takes turns between equal TaskManagers, and is stable', () => {
    const offers = [offer('a', 2), offer('b', 2), offer('c', 2)];
    const chosen = spreadOut(offers, 4)!.map(({ target, slot }) => `${target}${slot}`);
    expect(chosen).to.deep.equal(['a0', 'b0', 'c0', 'a1']);
    expect(spreadOut(offers, 4)!.map(({ target, slot }) => `${target}${slot}`)).to.deep.equal(chosen);
  });

  it('uses them in proportion to their size, and what others use already', () => {
    expect(
      spreadOut([offer('small', 1), offer('large', 4)], 5)!
        .map(({ target }) => target)
        .join(' '),
    ).to.equal('small large large large large');
    expect(spreadOut([offer('busy', 1, 4), offer('free', 4)], 3)!.map(({ target }) => target)).to.deep.equal(['free', 'free', 'free']);
  });

  it('differs by at most one slot between equal TaskManagers, and never gives a slot twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 8 }), fc.nat(), (managers, slots, wanted) => {
        const count = wanted % (managers * slots + 1);
        const chosen = spreadOut(
          Array.from({ length: managers }, (_, index) => offer(String(index), slots)),
          count,
        )!;
        const perManager = Array.from({ length: managers }, (_, index) => chosen.filter(({ target }) => target === String(index)).length);
        expect(Math.max(...perManager) - Math.min(...perManager)).to.be.at.most(1);
        expect(new Set(chosen.map(({ target, slot }) => `${target}/${slot}`)).size).to.equal(count);
      }),
    );
  });

  it('gives all or none', () => {
    expect(spreadOut([offer('a', 2)], 3)).to.be.undefined;
    expect(spreadOut([], 0)).to.deep.equal([]);
  });
});

describe('SlotPool', () => {
  const [one, two] = ['one' as TaskManagerId, 'two' as TaskManagerId];

  it('keeps the account through any order of taking, giving back, coming and going', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('take' as const), count: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ kind: fc.constantFrom('free' as const, 'leave' as const, 'come' as const), count: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const pool = new SlotPool();
        const held: {
          readonly id: TaskManagerId;
          readonly slot: number;
          readonly owner: { jobId: ReturnType<typeof newJobId>; attempt: number };
        }[] = [];
        pool.add(one, 3);
        pool.add(two, 2);
        let there = true;
        for (const { kind, count } of steps) {
          if (kind === 'take') {
            const owner = { jobId: newJobId(), attempt: 0 };
            for (const { target, slot } of pool.take(
              Array.from({ length: count }, () => ({ jobId: owner.jobId, attempts: [owner.attempt] })),
            ) ?? []) {
              held.push({ id: target, slot, owner });
            }
          } else if (kind === 'free') {
            const gone = held.shift();
            if (gone) expect(pool.free(gone.id, gone.slot, gone.owner)).to.equal(true);
            if (gone) expect(pool.free(gone.id, gone.slot, gone.owner)).to.equal(false);
          } else if (kind === 'leave' && there) {
            pool.remove(two);
            there = false;
            held.splice(0, held.length, ...held.filter(({ id }) => id !== two));
          } else if (kind === 'come' && !there) {
            pool.add(two, 2);
            there = true;
          }
          expect(pool.total).to.equal(there ? 5 : 3);
          expect(pool.available).to.equal(pool.total - held.length);
          expect(new Set(held.map(({ id, slot }) => `${id}/${slot}`)).size).to.equal(held.length);
        }
      }),
    );
  });
});
