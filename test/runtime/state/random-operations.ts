import { expect } from 'chai';
import fc from 'fast-check';
import { setImmediate } from 'node:timers/promises';
import { keyGroupOf, type KeyGroupRange, Types } from '#core';
import { AggregatingStateDescriptor, ListStateDescriptor, MapStateDescriptor, ReducingStateDescriptor, ValueStateDescriptor } from '#api';
import type { KeyedStateHandle } from '../../../runtime/checkpoint/handles.js';
import type { KeyedStateBackend, Namespace } from '../../../runtime/state/keyed-state-backend.js';
import { canonicalKey } from '../../../runtime/state/segment/canonical.js';
import { ALL_GROUPS, inMemory, MAX_PARALLELISM } from './heap/backend-bench.js';

/** What a backend should hold, in plain maps by the key as JSON. */
interface Model {
  readonly values: Map<string, unknown>;
  readonly records: Map<string, { id: number; text: string }>;
  readonly lists: Map<string, unknown[]>;
  readonly maps: Map<string, Map<unknown, unknown>>;
  readonly sums: Map<string, number>;
  readonly averages: Map<string, { count: number; sum: number }>;
  readonly windows: Map<string, Map<string, unknown>>;
  readonly timers: Set<string>;
}

function emptyModel(): Model {
  return {
    values: new Map(),
    records: new Map(),
    lists: new Map(),
    maps: new Map(),
    sums: new Map(),
    averages: new Map(),
    windows: new Map(),
    timers: new Set(),
  };
}

function states(backend: KeyedStateBackend) {
  return {
    value: backend.valueState(new ValueStateDescriptor<unknown>('value')),
    record: backend.valueState(new ValueStateDescriptor('record', Types.object({ id: Types.int, text: Types.string }))),
    list: backend.listState(new ListStateDescriptor<unknown>('list')),
    map: backend.mapState(new MapStateDescriptor<unknown, unknown>('map')),
    sum: backend.reducingState(new ReducingStateDescriptor<number>('sum', (a, b) => a + b, Types.double)),
    average: backend.aggregatingState(
      new AggregatingStateDescriptor<number, { count: number; sum: number }, number>('average', {
        createAccumulator: () => ({ count: 0, sum: 0 }),
        add: (value, accumulator) => {
          accumulator.count++;
          accumulator.sum += value;
          return accumulator;
        },
        getResult: ({ count, sum }) => sum / count,
        merge: (a, b) => ({ count: a.count + b.count, sum: a.sum + b.sum }),
      }),
    ),
    windows: backend.namespaced<unknown>({ name: 'windows', kind: 'window', type: undefined }),
    timers: backend.timers('timers'),
  };
}

type States = ReturnType<typeof states>;

/** Does one thing to a backend and to the model. */
type Step = (of: States, model: Model, key: string) => void;

const plain = { noNullPrototype: true } as const;
const small = fc.nat({ max: 5 });
const anyValue = fc.oneof(
  fc.nat({ max: 99 }),
  fc.string({ maxLength: 20 }),
  fc.record({ a: fc.nat({ max: 9 }), b: fc.string({ maxLength: 15 }) }, plain),
);
const namespace: fc.Arbitrary<Namespace> = fc.oneof(small, fc.tuple(small, small));

const step: fc.Arbitrary<Step> = fc.oneof(
  anyValue.map((value): Step => (of, model, key) => {
    of.value.update(structuredClone(value));
    model.values.set(key, value);
  }),
  fc.constant<Step>((of, model, key) => {
    of.value.clear();
    model.values.delete(key);
  }),
  fc.tuple(small, fc.nat({ max: 40 })).map(([id, tens]): Step => (of, model, key) => {
    const record = { id, text: 'x'.repeat(tens * 10) };
    of.record.update({ ...record });
    model.records.set(key, record);
  }),
  fc.constant<Step>((of, model, key) => {
    of.record.clear();
    model.records.delete(key);
  }),
  anyValue.map((value): Step => (of, model, key) => {
    of.list.add(structuredClone(value));
    model.lists.set(key, [...(model.lists.get(key) ?? []), value]);
  }),
  fc.array(anyValue, { maxLength: 3 }).map((values): Step => (of, model, key) => {
    of.list.update(structuredClone(values));
    if (values.length === 0) model.lists.delete(key);
    else model.lists.set(key, values);
  }),
  fc.tuple(small, anyValue).map(([subKey, value]): Step => (of, model, key) => {
    of.map.put(subKey, structuredClone(value));
    model.maps.set(key, new Map(model.maps.get(key)).set(subKey, value));
  }),
  small.map((subKey): Step => (of, model, key) => {
    of.map.remove(subKey);
    model.maps.get(key)?.delete(subKey);
  }),
  fc.constant<Step>((of, model, key) => {
    of.map.clear();
    model.maps.delete(key);
  }),
  small.map((value): Step => (of, model, key) => {
    of.sum.add(value);
    model.sums.set(key, (model.sums.get(key) ?? 0) + value);
  }),
  small.map((value): Step => (of, model, key) => {
    of.average.add(value);
    const { count, sum } = model.averages.get(key) ?? { count: 0, sum: 0 };
    model.averages.set(key, { count: count + 1, sum: sum + value });
  }),
  fc.tuple(namespace, anyValue).map(([at, value]): Step => (of, model, key) => {
    const table = of.windows.table(at);
    table.set(table.slotOf(JSON.parse(key)), structuredClone(value));
    const name = JSON.stringify(at);
    model.windows.set(name, new Map(model.windows.get(name)).set(key, value));
  }),
  namespace.map((at): Step => (of, model, key) => {
    const table = of.windows.existing(at);
    const slot = table?.find(JSON.parse(key)) ?? -1;
    if (slot >= 0) table!.remove(slot);
    model.windows.get(JSON.stringify(at))?.delete(key);
  }),
  namespace.map((at): Step => (of, model) => {
    of.windows.drop(at);
    model.windows.delete(JSON.stringify(at));
  }),
  small.map((time): Step => (of, model, key) => {
    of.timers.register(time);
    model.timers.add(JSON.stringify([time, key]));
  }),
  small.map((time): Step => (of, model, key) => {
    of.timers.delete(time);
    model.timers.delete(JSON.stringify([time, key]));
  }),
);

type Event =
  | { readonly kind: 'step'; readonly key: unknown; readonly step: Step }
  | { readonly kind: 'snapshot'; readonly full: boolean; readonly during: readonly { readonly key: unknown; readonly step: Step }[] }
  | { readonly kind: 'settle'; readonly confirm: boolean };

function eventsOf(key: fc.Arbitrary<unknown>): fc.Arbitrary<Event[]> {
  const change = fc.record({ key, step });
  return fc.array(
    fc.oneof(
      { weight: 12, arbitrary: change.map((of): Event => ({ kind: 'step', ...of })) },
      {
        weight: 1,
        arbitrary: fc
          .record({ full: fc.boolean(), during: fc.array(change, { maxLength: 12 }) })
          .map((of): Event => ({ kind: 'snapshot', ...of })),
      },
      { weight: 2, arbitrary: fc.boolean().map((confirm): Event => ({ kind: 'settle', confirm })) },
    ),
    { maxLength: 120, size: 'max' },
  );
}

/** Keys that are equal as one text. */
function nameOf(key: unknown): string {
  return JSON.stringify(canonicalKey(key));
}

function ordered(entries: Iterable<[unknown, unknown]>): [unknown, unknown][] {
  return [...entries].sort(([a], [b]) => Number(a) - Number(b));
}

function copyOf(model: Model): Model {
  return structuredClone(model);
}

/** What the backend holds of the key groups is what the model holds of them. */
function expectEqual(backend: KeyedStateBackend, of: States, model: Model, keys: readonly string[], groups: KeyGroupRange): void {
  for (const key of keys) {
    const parsed: unknown = JSON.parse(key);
    const group = keyGroupOf(parsed, MAX_PARALLELISM);
    const own = group >= groups.first && group <= groups.last;
    const expected = own ? model : emptyModel();
    backend.setCurrentKey(parsed);
    expect(nameOf(backend.currentKey)).to.equal(key);
    expect(of.value.value()).to.deep.equal(expected.values.get(key));
    expect(of.record.value()).to.deep.equal(expected.records.get(key));
    expect(of.list.get()).to.deep.equal(expected.lists.get(key) ?? []);
    expect(ordered(of.map.entries())).to.deep.equal(ordered(expected.maps.get(key) ?? []));
    expect(of.sum.get()).to.equal(expected.sums.get(key));
    const average = expected.averages.get(key);
    expect(of.average.get()).to.equal(average && average.sum / average.count);
    for (const [at, table] of expected.windows) {
      const found = of.windows.existing(JSON.parse(at) as Namespace);
      const slot = found?.find(parsed) ?? -1;
      expect(slot < 0 ? undefined : found!.get(slot)).to.deep.equal(table.get(key));
    }
  }
  for (const at of of.windows.namespaces()) expect(model.windows.has(JSON.stringify(at))).to.equal(true);
}

function expectTimers(backend: KeyedStateBackend, of: States, model: Model, groups: KeyGroupRange): void {
  const expected = [...model.timers]
    .map((timer) => JSON.parse(timer) as [number, string])
    .filter(([, key]) => {
      const group = keyGroupOf(JSON.parse(key), MAX_PARALLELISM);
      return group >= groups.first && group <= groups.last;
    });
  expect(of.timers.size).to.equal(expected.length);
  const taken: [number, string][] = [];
  for (let time = of.timers.takeDue(100); time !== undefined; time = of.timers.takeDue(100)) {
    taken.push([time, nameOf(backend.currentKey)]);
  }
  expect(taken.map(([time]) => time)).to.deep.equal(expected.map(([time]) => time).sort((a, b) => a - b));
  expect(taken.map((timer) => JSON.stringify(timer)).sort()).to.deep.equal(expected.map((timer) => JSON.stringify(timer)).sort());
  expect(of.timers.nextTime).to.equal(Number.POSITIVE_INFINITY);
}

class Run {
  readonly keys = new Set<string>();
  model = emptyModel();
  checkpointId = 0;
  pending: { readonly checkpointId: number; readonly handle: KeyedStateHandle; readonly model: Model }[] = [];
  readonly done: { readonly handle: KeyedStateHandle; readonly model: Model }[] = [];

  constructor(
    readonly backend: KeyedStateBackend,
    readonly of: States,
  ) {}

  change({ key, step: apply }: { readonly key: unknown; readonly step: Step }): void {
    const text = nameOf(key);
    this.keys.add(text);
    this.backend.setCurrentKey(key);
    apply(this.of, this.model, text);
  }

  async event(event: Event): Promise<void> {
    if (event.kind === 'step') this.change(event);
    else if (event.kind === 'snapshot') await this.snapshot(event.full, event.during);
    else this.settle(event.confirm);
  }

  async snapshot(full: boolean, during: readonly { readonly key: unknown; readonly step: Step }[]): Promise<void> {
    const checkpointId = ++this.checkpointId;
    const model = copyOf(this.model);
    const writing = this.backend.snapshot(checkpointId, { full }).write(inMemory);
    for (const [index, change] of during.entries()) {
      this.change(change);
      if (index % 3 === 0) await setImmediate();
    }
    const handle = await writing;
    expect(handle.segments.every(({ fresh }) => fresh) || !full).to.equal(true);
    this.pending.push({ checkpointId, handle, model });
  }

  settle(confirm: boolean): void {
    const oldest = this.pending.shift();
    if (oldest === undefined) return;
    if (confirm) this.backend.confirm(oldest.checkpointId);
    else this.backend.abort(oldest.checkpointId);
    if (confirm) this.done.push(oldest);
  }
}

async function check(backendOf: MakeBackend, events: readonly Event[], split: number): Promise<void> {
  const backend = await backendOf();
  const run = new Run(backend, states(backend));
  for (const event of events) await run.event(event);
  const keys = [...run.keys];
  expectEqual(backend, run.of, run.model, keys, ALL_GROUPS);
  await run.snapshot(false, []);
  run.done.push(run.pending.pop()!);
  for (const { handle, model } of run.done.slice(-3)) {
    for (const groups of [ALL_GROUPS, { first: 0, last: split }, { first: split + 1, last: MAX_PARALLELISM - 1 }]) {
      // Written again by a backend that nothing was asked of, and divided.
      const kept = await backendOf([handle], groups);
      const again = await kept.snapshot(1, { full: false }).write(inMemory);
      for (const from of [handle, again]) {
        const restored = await backendOf([from], groups);
        const of = states(restored);
        expectEqual(restored, of, model, keys, groups);
        expectTimers(restored, of, model, groups);
        await restored.close();
      }
      await kept.close();
    }
  }
  await backend.close();
}

const fewNumbers = fc.nat({ max: 12 });
const keyKinds: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  numbers: fewNumbers,
  strings: fewNumbers.map((at) => `key ${at} that is longer than a short one`),
  tuples: fc.tuple(fc.constantFrom('a', 'b', 'c'), small),
  objects: fc.record({ z: fc.constantFrom('a', 'b', 'c'), a: small }, plain),
  'all kinds': fc.oneof(
    fewNumbers,
    fewNumbers.map(String),
    fc.tuple(small, small),
    fc.record({ z: small, a: fc.boolean() }, plain),
    fc.boolean(),
  ),
};

/** Makes a backend from what is restored, for the key groups. */
export type MakeBackend = (restored?: readonly KeyedStateHandle[], keyGroups?: KeyGroupRange) => Promise<KeyedStateBackend>;

/** The tests that every backend passes. */
export function holdsWhatPlainMapsHold(backendOf: MakeBackend): void {
  for (const [kind, key] of Object.entries(keyKinds)) {
    it(`holds, snapshots and restores what plain maps hold: ${kind} as keys`, async function () {
      this.timeout(60_000);
      const property = fc.asyncProperty(eventsOf(key), fc.nat({ max: MAX_PARALLELISM - 2 }), (events, split) =>
        check(backendOf, events, split),
      );
      await fc.assert(property, { numRuns: 20 });
    });
  }
}
