import { expect } from 'chai';
import fc from 'fast-check';
import { SeededRandom } from '#core';
import { TwoPhaseCommitSinkFunction } from '#api';
import { TwoPhaseCommitSink } from '../../../api/sinks/two-phase-commit-sink.js';
import { SinkCheckpoints } from '../../../runtime/operators/sink-checkpoints.js';
import { type ListValues, ListStates, redistributed } from '../../support/list-states.js';
import { testSinkContext } from '../../support/sink-driver.js';

/** An outside system with transactions. */
class Ledger {
  readonly open = new Map<string, number[]>();
  readonly prepared = new Map<string, number[]>();
  readonly committed = new Map<string, number[]>();
  #made = 0;

  begin(): string {
    const id = `tx-${this.#made++}`;
    this.open.set(id, []);
    return id;
  }

  get visible(): number[] {
    return [...this.committed.values()].flat().sort((a, b) => a - b);
  }
}

/** Its calls are sometimes synchronous and sometimes not. */
class LedgerSink extends TwoPhaseCommitSinkFunction<number, string> {
  readonly calls: string[] = [];
  readonly #random: SeededRandom;

  constructor(
    private readonly ledger: Ledger,
    seed: number,
  ) {
    super();
    this.#random = new SeededRandom(seed);
  }

  beginTransaction(): string | Promise<string> {
    return this.#maybeLater(() => this.ledger.begin());
  }

  invoke(transaction: string, value: number): void | Promise<void> {
    return this.#maybeLater(() => {
      const records = this.ledger.open.get(transaction);
      if (records === undefined) throw new TypeError(`${transaction} is not open`);
      records.push(value);
    });
  }

  preCommit(transaction: string): void | Promise<void> {
    return this.#maybeLater(() => {
      this.ledger.prepared.set(transaction, this.ledger.open.get(transaction) ?? []);
      this.ledger.open.delete(transaction);
    });
  }

  commit(transaction: string): void | Promise<void> {
    return this.#maybeLater(() => {
      this.calls.push(`commit ${transaction}`);
      const records = this.ledger.prepared.get(transaction);
      if (records !== undefined) this.ledger.committed.set(transaction, records);
    });
  }

  abort(transaction: string): void {
    this.calls.push(`abort ${transaction}`);
    this.ledger.open.delete(transaction);
  }

  override recoverAndAbort(transaction: string): void {
    this.calls.push(`recoverAndAbort ${transaction}`);
    this.ledger.open.delete(transaction);
    this.ledger.prepared.delete(transaction);
  }

  #maybeLater<R>(work: () => R): R | Promise<R> {
    return this.#random.nextInt(2) === 0 ? work() : new Promise(setImmediate).then(work);
  }
}

async function writeAll(sink: SinkCheckpoints, values: readonly number[]): Promise<void> {
  for (const value of values) {
    while (sink.writer.blocked) await new Promise(setImmediate);
    sink.writer.write(value, 0);
  }
}

function sinkOn(fn: LedgerSink, states: ListStates, restored: number | undefined): SinkCheckpoints {
  const options = restored === undefined ? {} : { restoredCheckpointId: restored };
  const context = testSinkContext({ checkpointing: true, ...options }, { fail: (error) => expect.fail(String(error)) });
  return new SinkCheckpoints(new TwoPhaseCommitSink(fn), context, states, undefined);
}

describe('TwoPhaseCommitSinkFunction', () => {
  it('commits what a complete checkpoint holds, at the end too', async () => {
    const ledger = new Ledger();
    const sink = sinkOn(new LedgerSink(ledger, 1), new ListStates(), undefined);
    await sink.open();
    await writeAll(sink, [1, 2]);
    const taken = sink.snapshot(1, 0);
    sink.writer.write(3, 0);
    await taken;
    expect(ledger.visible).to.deep.equal([]);
    await sink.completed(1);
    expect(ledger.visible).to.deep.equal([1, 2]);
    await sink.writer.flush(true);
    await sink.snapshot(2, 0);
    await sink.completed(2);
    await sink.close();
    expect(ledger.visible).to.deep.equal([1, 2, 3]);
    expect(ledger.open.size, 'no transaction is begun after the end').to.equal(0);
  });

  it('commits when the subtask ends in a job without checkpoints, and aborts when it fails', async () => {
    const ledger = new Ledger();
    const sink = sinkOn(new LedgerSink(ledger, 2), new ListStates(), undefined);
    await sink.open();
    await writeAll(sink, [1]);
    await sink.writer.flush(true);
    expect(await sink.finish()).to.deep.equal([]);
    await sink.close();
    expect(ledger.visible).to.deep.equal([1]);
    const fn = new LedgerSink(ledger, 3);
    const failed = sinkOn(fn, new ListStates(), undefined);
    await failed.open();
    await writeAll(failed, [2]);
    await failed.close();
    expect(fn.calls).to.deep.equal(['abort tx-1']);
  });

  it('is exactly once through any number of failures', async () => {
    const step = fc.constantFrom('write', 'snapshot', 'complete', 'crash');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.nat(), async (steps, seed) => {
        const ledger = new Ledger();
        let position = 0;
        let taken: { id: number; position: number; lists: ListValues } | undefined;
        let complete: typeof taken;
        let checkpointId = 0;
        const start = async (): Promise<readonly [SinkCheckpoints, ListStates]> => {
          const states = new ListStates(redistributed(complete === undefined ? [] : [complete.lists], 1)[0]);
          const sink = sinkOn(new LedgerSink(ledger, seed), states, complete?.id);
          await sink.open();
          position = complete?.position ?? 0;
          taken = undefined;
          return [sink, states];
        };
        let [sink, states] = await start();
        for (const next of [...steps, 'write', 'snapshot', 'complete']) {
          if (next === 'write') await writeAll(sink, [position++]);
          if (next === 'snapshot') {
            const id = ++checkpointId;
            await sink.snapshot(id, 0);
            taken = { id, position, lists: states.values() };
          }
          if (next === 'complete' && taken !== undefined) {
            complete = taken;
            await sink.completed(taken.id);
          }
          if (next === 'crash') {
            // what is under way is let go on, as a process may that is not dead yet
            while (sink.writer.blocked) await new Promise(setImmediate);
            [sink, states] = await start();
          }
          const seen = ledger.visible;
          expect(seen).to.deep.equal(Array.from({ length: complete?.position ?? 0 }, (_, index) => index));
        }
      }),
      { numRuns: 100 },
    );
  });
});
