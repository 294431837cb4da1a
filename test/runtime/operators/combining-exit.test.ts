import { expect } from 'chai';
import fc from 'fast-check';
import { SeededRandom, type StreamEvent } from '#core';
import { CombiningExit } from '../../../runtime/operators/combining-exit.js';
import { Reducer } from '../../../runtime/operators/reducer.js';
import type { TaskExit } from '../../../runtime/task/task-exit.js';

type Count = readonly [word: number, count: number];

/** An exit that is full after some records, until it is drained. */
class SlowExit implements TaskExit {
  blocked = false;
  readonly emitted: Count[] = [];
  readonly events: StreamEvent[] = [];
  readonly nextFlushAtMs = Infinity;
  readonly bytesOut = 0;

  constructor(
    private readonly random: SeededRandom,
    private readonly gate: { blocked: boolean },
  ) {}

  get recordsOut(): number {
    return this.emitted.length;
  }

  emit(value: unknown): void {
    expect(this.blocked, 'emitting into a full exit').to.equal(false);
    this.emitted.push(value as Count);
    if (this.random.nextInt(4) === 0) this.blocked = this.gate.blocked = true;
  }

  drain(): boolean {
    const moved = this.blocked && this.random.nextInt(2) === 0;
    if (moved) this.blocked = false;
    return moved;
  }

  broadcastEvent(event: StreamEvent): void {
    this.events.push(event);
  }
  sendBarrier(barrier: StreamEvent): void {
    this.events.push(barrier);
  }
  readonly barrierTaken = true;
  announceBarrier(): void {
    /* it has been taken */
  }
  flush(): void {
    /* nothing is held */
  }
  flushDue(): void {
    /* nothing is held */
  }
}

function combining(exit: TaskExit, gate: { blocked: boolean }, maxKeys: number): CombiningExit {
  const key = { select: (record: unknown) => (record as Count)[0] };
  const add = (left: unknown, right: unknown): Count => [(left as Count)[0], (left as Count)[1] + (right as Count)[1]];
  return new CombiningExit(exit, () => new Reducer(key, add), gate, maxKeys);
}

function unblock(combiner: CombiningExit, gate: { blocked: boolean }): void {
  for (let turns = 0; gate.blocked; turns++) {
    if (turns > 100_000) expect.fail('it never opens again');
    combiner.drain();
    gate.blocked = combiner.blocked;
  }
}

function totals(counts: readonly Count[]): Map<number, number> {
  const sums = new Map<number, number>();
  for (const [word, count] of counts) sums.set(word, (sums.get(word) ?? 0) + count);
  return sums;
}

describe('CombiningExit', () => {
  it('loses and doubles nothing, with tables of any size and an exit that is often full', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.integer({ min: 0, max: 12 })),
        fc.boolean(),
        (seed, maxKeys, words, late) => {
          const gate = { blocked: false };
          const random = new SeededRandom(seed);
          const exit = new SlowExit(random, gate);
          const combiner = combining(exit, gate, maxKeys);
          for (const word of words) {
            if (!late || random.nextInt(2) === 0) unblock(combiner, gate);
            combiner.emit([word, 1]);
          }
          unblock(combiner, gate);
          combiner.finish();
          unblock(combiner, gate);
          expect(totals(exit.emitted)).to.deep.equal(totals(words.map((word) => [word, 1])));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('sends each key once when all fit the table', () => {
    const gate = { blocked: false };
    const exit = new SlowExit(new SeededRandom(1), gate);
    const combiner = combining(exit, gate, 100);
    for (let record = 0; record < 1000; record++) combiner.emit([record % 50, 1]);
    expect(exit.emitted).to.deep.equal([]);
    expect(gate.blocked).to.equal(false);
    combiner.finish();
    unblock(combiner, gate);
    expect(exit.emitted).to.have.deep.members(Array.from({ length: 50 }, (_, word) => [word, 20]));
  });

  it('closes the gate when a table is full, until it has been sent', () => {
    const gate = { blocked: false };
    const exit = new SlowExit(new SeededRandom(3), gate);
    const combiner = combining(exit, gate, 10);
    for (let word = 0; word < 10; word++) combiner.emit([word, 1]);
    expect([gate.blocked, combiner.blocked]).to.deep.equal([true, true]);
    unblock(combiner, gate);
    expect(exit.emitted).to.have.lengthOf(10);
    expect(combiner.recordsOut).to.equal(10);
  });

  it('ends at once when there was nothing', () => {
    const gate = { blocked: false };
    const exit = new SlowExit(new SeededRandom(3), gate);
    const combiner = combining(exit, gate, 10);
    combiner.finish();
    unblock(combiner, gate);
    combiner.broadcastEvent({ kind: 'endOfInput' });
    expect([exit.emitted, exit.events]).to.deep.equal([[], [{ kind: 'endOfInput' }]]);
  });
});
