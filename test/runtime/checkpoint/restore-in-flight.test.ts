import { expect } from 'chai';
import fc from 'fast-check';
import { type BlobKey, keyGroupOf, subtaskOfKeyGroup } from '#core';
import type { Partitioning, PartitioningKind } from '#api';
import type { ChannelPart, InFlightHandle } from '../../../runtime/checkpoint/handles.js';
import { planRestore } from '../../../runtime/checkpoint/restore.js';
import { ownership } from '../../../runtime/task/replayed-channels.js';
import { metadataOf, operatorMetadata } from '../../support/sample-checkpoint.js';
import { sampleGraph, vertexId } from '../../support/sample-graph.js';

const MAX_PARALLELISM = 128;
const FROM = vertexId(0);
const TO = vertexId(1);
const KEYS = Array.from({ length: 40 }, (_, key) => key);
const key = { select: (value: unknown) => value } as Extract<Partitioning, { kind: 'hash' }>['key'];

/** What was in flight to each of the consumers, from one producer. */
function inFlightTo(consumers: number): InFlightHandle {
  const parts = Array.from({ length: consumers }, (_, consumer): ChannelPart => {
    const channel = { from: FROM, to: TO, input: 0, producer: 0, consumer };
    return { channel, end: 'producer', first: 0, segments: [{ at: 0, length: 32, crc32: 0 }], rowsTaken: 0 };
  });
  return { bytes: { kind: 'inline', bytes: new Uint8Array(32) }, parts };
}

function metadata(consumers: number): ReturnType<typeof metadataOf> {
  const subtasks = Array.from({ length: consumers }, () => ({ lists: {} }));
  return metadataOf({
    operators: [operatorMetadata(FROM, [{ lists: {} }]), operatorMetadata(TO, subtasks)],
    inFlight: [inFlightTo(consumers)],
  });
}

describe('records in flight at a restore', () => {
  /** The former consumers whose records each subtask is given. */
  function given(kind: PartitioningKind, before: number, after: number): readonly (readonly number[])[] {
    const graph = sampleGraph('b' as BlobKey, [{ parallelism: 1 }, { parallelism: after, partitioning: kind }]);
    const plan = planRestore(metadata(before), graph, { path: 'file:///s', allowNonRestored: false });
    const consumers = plan.subtasks.filter(({ vertexId: of }) => of === TO);
    for (const { inFlight } of consumers) expect(inFlight!.shared).to.equal(before !== after);
    return consumers.map(({ inFlight }) => inFlight!.handles.flatMap(({ parts }) => parts.map(({ channel }) => channel.consumer)));
  }

  const parallelism = fc.integer({ min: 1, max: 9 });

  it('are processed once each when the partitioning tells whose they are', () => {
    fc.assert(
      fc.property(parallelism, parallelism, fc.constantFrom('hash' as const, 'custom' as const), (before, after, kind) => {
        const owner = (value: number, among: number): number =>
          kind === 'hash' ? subtaskOfKeyGroup(keyGroupOf(value, MAX_PARALLELISM), MAX_PARALLELISM, among) : value % among;
        const partitioning = { kind, key, partitioner: owner } as unknown as Partitioning;
        const processed = given(kind, before, after).flatMap((formers, subtask) => {
          const isOwn = before === after ? undefined : ownership(partitioning, subtask, after, MAX_PARALLELISM);
          const mine = KEYS.filter((value) => formers.includes(owner(value, before)) && isOwn?.(value) !== false);
          for (const value of mine) expect(owner(value, after)).to.equal(subtask);
          return mine;
        });
        expect(processed.sort((a, b) => a - b)).to.deep.equal(KEYS);
      }),
    );
  });

  it('are given to one subtask each when any may process them', () => {
    fc.assert(
      fc.property(
        parallelism,
        parallelism,
        fc.constantFrom('rebalance' as const, 'shuffle' as const, 'rescale' as const),
        (before, after, kind) => {
          const formers = given(kind, before, after).flat();
          expect(formers.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: before }, (_, index) => index));
        },
      ),
    );
  });

  it('are given to all when they were broadcast: those of the subtask whose state all get', () => {
    expect(given('broadcast', 2, 3)).to.deep.equal([[0], [0], [0]]);
    expect(given('broadcast', 2, 2)).to.deep.equal([[0], [1]]);
  });

  it('are an error when the program has no such exchange, unless they may be lost', () => {
    const graph = sampleGraph('b' as BlobKey, [{ parallelism: 1 }]);
    const restore = (allowNonRestored: boolean): unknown => planRestore(metadata(1), graph, { path: 'file:///s', allowNonRestored });
    expect(() => restore(false)).to.throw('it holds records that were on their way from operator');
    expect(() => restore(true)).not.to.throw();
  });
});
