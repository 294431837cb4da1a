import { systemClock, threadCpuNs, Types } from '#core';
import { ListStateDescriptor, MapStateDescriptor, ReducingStateDescriptor, ValueStateDescriptor } from '#api';
import type { KeyedStateBackend } from '../keyed-state-backend.js';
import { HeapKeyedBackend } from './heap-keyed-backend.js';

/*
 * CPU ns of one thread to make a key the current one and to read or change a state of it; keys at random.
 * Run: node dist/runtime/state/heap/heap-state.bench.js
 *
 * On two cores that 20 other processes wanted, Node 20: 100 k keys, 1 M keys. An idle machine takes less.
 *
 *   value, number: read and update    414    716
 *   value, record: read and update   1333   2109
 *   reducing, number: add             402    746
 *   map: put one of 4                1861   3862
 *   list: add, at most 8             1598   2865
 *   timer: register and delete        752    808
 */

const OPERATIONS = 2_000_000;

let state = 123_456_789;
function random(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state >>> 0;
}

function emptyBackend(): KeyedStateBackend {
  return new HeapKeyedBackend({
    operatorId: '',
    operatorName: '',
    subtaskIndex: 0,
    keyGroups: { first: 0, last: 127 },
    maxParallelism: 128,
    clock: systemClock,
    configuration: {},
  });
}

type Operation = (key: number) => unknown;

const CASES: Readonly<Record<string, (backend: KeyedStateBackend) => Operation>> = {
  'current key alone': () => () => undefined,
  'value, number: read and update': (backend) => {
    const of = backend.valueState(new ValueStateDescriptor<number>('state', Types.double));
    return (key) => {
      of.update((of.value() ?? 0) + key);
    };
  },
  'value, record: read and update': (backend) => {
    const of = backend.valueState(new ValueStateDescriptor<{ count: number; sum: number; name: string }>('state'));
    return (key) => {
      const before = of.value();
      of.update({ count: (before?.count ?? 0) + 1, sum: key, name: 'a' });
    };
  },
  'reducing, number: add': (backend) => {
    const of = backend.reducingState(new ReducingStateDescriptor<number>('state', (a, b) => a + b, Types.double));
    return (key) => {
      of.add(key);
    };
  },
  'map: put one of 4': (backend) => {
    const of = backend.mapState(new MapStateDescriptor<number, number>('state'));
    return (key) => {
      of.put(key & 3, key);
    };
  },
  'list: add, at most 8': (backend) => {
    const of = backend.listState(new ListStateDescriptor<number>('state'));
    return (key) => {
      if ((random() & 7) === 0) of.clear();
      of.add(key);
    };
  },
  'timer: register and delete': (backend) => {
    const timers = backend.timers('state');
    return (key) => {
      timers.register(key % 1000);
      timers.delete(key % 1000);
    };
  },
};

for (const keys of [100_000, 1_000_000]) {
  for (const [name, prepare] of Object.entries(CASES)) {
    const backend = emptyBackend();
    const operation = prepare(backend);
    const run = (count: number, keyOf: (index: number) => number): void => {
      for (let index = 0; index < count; index++) {
        const key = keyOf(index);
        backend.setCurrentKey(key);
        operation(key);
      }
    };
    run(keys, (index) => index);
    const before = threadCpuNs();
    run(OPERATIONS, () => random() % keys);
    const ns = (threadCpuNs() - before) / OPERATIONS;
    process.stdout.write(`${String(keys).padStart(8)} keys  ${name.padEnd(32)} ${ns.toFixed(0).padStart(5)} ns\n`);
  }
}
