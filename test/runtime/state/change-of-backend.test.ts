import { expect } from 'chai';
import { ListStateDescriptor, MapStateDescriptor, StateTtl, ValueStateDescriptor } from '#api';
import { Types } from '#core';
import type { KeyedStateBackend, OperatorTable } from '../../../runtime/state/keyed-state-backend.js';
import { backendOf, completed, inMemory, MAX_PARALLELISM } from './heap/backend-bench.js';
import { LsmBackendBench } from './lsm/lsm-backend-bench.js';
import type { MakeBackend } from './random-operations.js';

const LOW = { first: 0, last: 6 };
const HIGH = { first: 7, last: MAX_PARALLELISM - 1 };

const asked = new WeakMap<KeyedStateBackend, States>();
type States = ReturnType<typeof ask>;

/** Each state is asked for once. */
function statesOf(backend: KeyedStateBackend): States {
  const states = asked.get(backend) ?? ask(backend);
  asked.set(backend, states);
  return states;
}

function ask(backend: KeyedStateBackend) {
  return {
    value: backend.valueState(new ValueStateDescriptor('value', Types.double)),
    list: backend.listState(new ListStateDescriptor<string>('list').enableTimeToLive(new StateTtl('1 d'))),
    map: backend.mapState(new MapStateDescriptor<string, number>('map')),
    windows: backend.namespaced<number>({ name: 'windows', kind: 'window', type: undefined }),
    timers: backend.timers('timers'),
  };
}

function fill(backend: KeyedStateBackend): void {
  const { value, list, map, windows, timers } = statesOf(backend);
  for (let key = 0; key < 100; key++) {
    backend.setCurrentKey(key);
    value.update(key + 0.5);
    list.addAll(['a', `item ${key}`]);
    map.putAll(Array.from({ length: key % 5 }, (_, at) => [`key ${at}`, at * key]));
    const table = windows.table([key % 3, 10]);
    table.set(table.slotOf(key), key);
    timers.register(key * 7);
  }
  windows.drop([1, 10]);
}

/** All that is there, as plain data. */
function content(backend: KeyedStateBackend): unknown[] {
  const { value, list, map, windows, timers } = statesOf(backend);
  const all: unknown[] = [timers.size];
  for (let key = 0; key < 100; key++) {
    backend.setCurrentKey(key);
    const table = windows.existing([key % 3, 10]);
    const slot = table?.find(key) ?? -1;
    all.push([value.value(), list.get(), [...map.entries()].sort(), slot < 0 ? undefined : table!.get(slot)]);
  }
  for (let time = timers.takeDue(1000); time !== undefined; time = timers.takeDue(1000)) all.push([time, backend.currentKey]);
  return all;
}

/** Counts a key, as rolling operators do. */
class Counts implements OperatorTable {
  readonly keys: unknown[] = [];
  readonly values: unknown[] = [];
  get size(): number {
    return this.keys.length;
  }
  keyAt(row: number): unknown {
    return this.keys[row];
  }
  valueAt(row: number): unknown {
    return this.values[row];
  }
  restore(key: unknown, value: unknown): void {
    this.keys.push(key);
    this.values.push(value);
  }
}

describe('savepoints', () => {
  const bench = new LsmBackendBench();
  after(() => bench.close());

  const heap: MakeBackend = (restored, groups) => backendOf(restored, groups);
  for (const [from, to, name] of [
    [heap, bench.make, '"hashmap" to "rocksdb"'],
    [bench.make, heap, '"rocksdb" to "hashmap"'],
  ] as const) {
    it(`change the backend from ${name}, and the parallelism`, async () => {
      const first = await from();
      fill(first);
      const savepoint = await completed(first, 1, true);
      expect(savepoint.segments.every(({ shared }) => !shared)).to.equal(true);
      const expected = content(first);
      expect(content(await to([savepoint]))).to.deep.equal(expected);

      const halves = await Promise.all([LOW, HIGH].map((groups) => to([savepoint], groups)));
      const parts = await Promise.all(halves.map((half) => (statesOf(half), half.snapshot(2, { full: false }).write(inMemory))));
      expect(content(await to(parts))).to.deep.equal(expected);
      for (const part of parts) expect(part.segments).to.have.length.above(0);
    });
  }

  it('carry tables of operators as values, and back', async () => {
    const counts = new Counts();
    const first = await backendOf();
    const rows = first.operatorRows!({ name: 'rolling', kind: 'rows', type: undefined });
    rows.attach(counts);
    for (let key = 0; key < 9; key++) {
      rows.changing(key);
      counts.restore(key, key * 2);
    }
    const lsm = await bench.make([await completed(first, 1, true)]);
    const values = lsm.valueState(new ValueStateDescriptor<number>('rolling'));
    for (let key = 0; key < 9; key++) {
      lsm.setCurrentKey(key);
      expect(values.value()).to.equal(key * 2);
    }
    const back = new Counts();
    const again = await backendOf([await completed(lsm, 1, true)]);
    again.operatorRows!({ name: 'rolling', kind: 'rows', type: undefined }).attach(back);
    expect(back.keys.map((key, row) => [key, back.values[row]]).sort()).to.deep.equal(
      counts.keys.map((key, row) => [key, counts.values[row]]).sort(),
    );
  });
});

describe('incremental checkpoints of "rocksdb"', () => {
  const bench = new LsmBackendBench();
  after(() => bench.close());

  it('hold only files that are new, and name those that the last complete one has', async () => {
    const backend = await bench.make();
    fill(backend);
    const first = await completed(backend, 1);
    backend.setCurrentKey(5);
    statesOf(backend).value.update(-1);
    const second = await completed(backend, 2);
    const files = second.segments.filter(({ shared }) => shared);
    const before = new Set(first.segments.map(({ id }) => id));
    expect(files.filter(({ fresh }) => fresh)).to.have.length(1);
    for (const { id, fresh } of files) expect(before.has(id)).to.equal(!fresh);

    backend.setCurrentKey(6);
    statesOf(backend).value.update(-2);
    await backend.snapshot(3, { full: false }).write(inMemory);
    backend.abort(3);
    const fourth = await completed(backend, 4);
    expect(fourth.segments.filter(({ shared, fresh }) => shared && fresh)).to.have.length.above(0);
    const restored = await bench.make([fourth]);
    restored.setCurrentKey(6);
    expect(statesOf(restored).value.value()).to.equal(-2);
  });

  it('are refused by another backend, which says what to do', async () => {
    const backend = await bench.make();
    fill(backend);
    const handle = await completed(backend, 1);
    const refused = await backendOf([handle]).catch((error: unknown) => error);
    expect(refused).to.have.property('code', 'SNAPSHOT_OF_OTHER_BACKEND');
  });
});
