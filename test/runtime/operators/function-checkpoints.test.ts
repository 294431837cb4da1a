import { expect } from 'chai';
import {
  ListStateDescriptor,
  MapStateDescriptor,
  type BroadcastState,
  type CheckpointedFunction,
  type CheckpointListener,
  type FunctionInitializationContext,
  type ListCheckpointed,
  type ListState,
} from '#api';
import { FunctionCheckpoints } from '../../../runtime/operators/function-checkpoints.js';
import { type ListValues, ListStates, redistributed } from '../../support/list-states.js';
import { testContext } from '../../support/runtime-context.js';

class Counting implements CheckpointedFunction, CheckpointListener {
  count = 0;
  heard: string[] = [];
  isRestored: boolean | undefined;
  everyone: readonly string[] = [];
  rules!: BroadcastState<string, number>;
  #counts!: ListState<number>;
  #names!: ListState<string>;

  constructor(private readonly name: string) {}

  initializeState(context: FunctionInitializationContext): void {
    const store = context.getOperatorStateStore();
    this.isRestored = context.isRestored;
    this.#counts = store.getListState(new ListStateDescriptor<number>('counts'));
    this.#names = store.getUnionListState(new ListStateDescriptor<string>('names'));
    this.rules = store.getBroadcastState(new MapStateDescriptor<string, number>('rules'));
    for (const count of this.#counts.get()) this.count += count;
    this.everyone = this.#names.get();
  }

  async snapshotState(): Promise<void> {
    await Promise.resolve();
    this.#counts.update([this.count]);
    this.#names.update([this.name]);
  }

  notifyCheckpointComplete(id: number): void {
    this.heard.push(`complete ${id}`);
  }

  notifyCheckpointAborted(id: number): void {
    this.heard.push(`aborted ${id}`);
  }
}

function checkpointsOf(fn: object, states: ListStates, restoredCheckpointId?: number): FunctionCheckpoints {
  return new FunctionCheckpoints(fn, { operatorState: states, keyedState: testContext('test'), restoredCheckpointId });
}

describe('FunctionCheckpoints', () => {
  it('keeps lists, united lists and broadcast state, also at another parallelism', async () => {
    const snapshots: ListValues[] = [];
    for (const [name, count] of [
      ['a', 1],
      ['b', 2],
      ['c', 4],
    ] as const) {
      const fn = new Counting(name);
      const states = new ListStates();
      const checkpoints = checkpointsOf(fn, states);
      await checkpoints.initialize();
      expect(fn.isRestored).to.equal(false);
      fn.count = count;
      fn.rules.put('limit', 7);
      fn.rules.put('gone', 1);
      fn.rules.remove('gone');
      await checkpoints.snapshot(3, 0);
      snapshots.push(states.values());
    }
    const restored = await Promise.all(
      redistributed(snapshots, 2).map(async (lists, index) => {
        const fn = new Counting(`new ${index}`);
        await checkpointsOf(fn, new ListStates(lists), 3).initialize();
        return fn;
      }),
    );
    expect(restored.map(({ isRestored }) => isRestored)).to.deep.equal([true, true]);
    expect(restored.reduce((sum, { count }) => sum + count, 0)).to.equal(7);
    for (const { everyone, rules } of restored) {
      expect(everyone).to.deep.equal(['a', 'b', 'c']);
      expect([...rules.entries()]).to.deep.equal([['limit', 7]]);
    }
  });

  it('tells functions what became of checkpoints', async () => {
    const fn = new Counting('a');
    const checkpoints = checkpointsOf(fn, new ListStates());
    await checkpoints.completed(1);
    await checkpoints.aborted(2);
    expect(fn.heard).to.deep.equal(['complete 1', 'aborted 2']);
  });

  it('keeps the list of a ListCheckpointed function', async () => {
    const lists: ListCheckpointed<number> & { restored: readonly number[] } = {
      restored: [],
      snapshotState: (id, timestamp) => [id, timestamp],
      restoreState(state) {
        this.restored = state;
      },
    };
    const states = new ListStates();
    const checkpoints = checkpointsOf(lists, states);
    await checkpoints.initialize();
    await checkpoints.snapshot(5, 17);
    await checkpointsOf(lists, new ListStates(states.values()), 5).initialize();
    expect(lists.restored).to.deep.equal([5, 17]);
  });

  it('knows functions that take no part', () => {
    expect(FunctionCheckpoints.takesPart({ map: String })).to.equal(false);
    expect(FunctionCheckpoints.takesPart(new Counting('a'))).to.equal(true);
  });
});
