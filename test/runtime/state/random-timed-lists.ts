import { expect } from 'chai';
import fc from 'fast-check';
import { setImmediate } from 'node:timers/promises';
import { keyGroupOf, type KeyGroupRange } from '#core';
import type { KeyedStateHandle } from '../../../runtime/checkpoint/handles.js';
import type { KeyedStateBackend, ListIndex, TimedLists } from '../../../runtime/state/keyed-state-backend.js';
import { ALL_GROUPS, inMemory, MAX_PARALLELISM } from './heap/backend-bench.js';
import type { MakeBackend } from './random-operations.js';

interface Row {
  readonly list: ListIndex;
  readonly key: unknown;
  readonly time: number;
  readonly value: unknown;
}

/** All rows in one array. */
class PlainLists {
  rows: readonly Row[] = [];
  dropped: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];

  append(row: Row): void {
    if (row.time >= this.dropped[row.list]) this.rows = [...this.rows, row];
  }

  dropBefore(list: ListIndex, time: number): void {
    const [one, other] = this.dropped;
    this.dropped = list === 0 ? [Math.max(one, time), other] : [one, Math.max(other, time)];
    this.rows = this.rows.filter((row) => row.list !== list || row.time >= this.dropped[list]);
  }

  find(list: ListIndex, key: unknown, from: number, to: number): Row[] {
    return this.rows.filter((row) => row.list === list && row.key === key && row.time >= from && row.time <= to);
  }

  copy(): PlainLists {
    return Object.assign(new PlainLists(), { rows: this.rows, dropped: this.dropped });
  }
}

type Change =
  | ({ readonly kind: 'append' } & Row)
  | { readonly kind: 'drop'; readonly list: ListIndex; readonly byMs: number }
  | { readonly kind: 'find'; readonly list: ListIndex; readonly key: unknown; readonly from: number; readonly lengthMs: number };

type Event =
  | Change
  | { readonly kind: 'snapshot'; readonly full: boolean; readonly during: readonly Change[] }
  | { readonly kind: 'settle'; readonly confirm: boolean };

const lists = fc.constantFrom<ListIndex>(0, 1);
const plain = { noNullPrototype: true } as const;
const numbers = fc.record({ a: fc.integer({ max: 2 ** 40 }), b: fc.double({ noNaN: true }) }, plain);
const values: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  numbers,
  strings: fc.string({ maxLength: 30 }),
  'numbers and others': fc.oneof({ weight: 6, arbitrary: numbers }, fc.nat(), fc.record({ a: fc.nat(), text: fc.string() }, plain)),
};

function eventsOf(value: fc.Arbitrary<unknown>): fc.Arbitrary<readonly Event[]> {
  const key = fc.oneof(fc.constant('hot'), fc.nat({ max: 20 }));
  // offsets of quarters are exact
  const quarters = fc.integer({ min: -160, max: 1200 }).map((of) => of / 4 + 0);
  const time = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: -40, max: 300 }) }, quarters);
  const append = fc.record({ kind: fc.constant('append' as const), list: lists, key, time, value });
  const drop = fc.record({ kind: fc.constant('drop' as const), list: lists, byMs: fc.nat({ max: 60 }) });
  const find = fc.record({ kind: fc.constant('find' as const), list: lists, key, from: time, lengthMs: fc.nat({ max: 100 }) });
  const change = fc.oneof({ weight: 16, arbitrary: append }, { weight: 1, arbitrary: drop }, { weight: 6, arbitrary: find });
  const snapshot = fc.record({
    kind: fc.constant('snapshot' as const),
    full: fc.boolean(),
    during: fc.array(change, { maxLength: 20 }),
  });
  const settle = fc.record({ kind: fc.constant('settle' as const), confirm: fc.boolean() });
  const event = fc.oneof({ weight: 24, arbitrary: change }, { weight: 1, arbitrary: snapshot }, { weight: 1, arbitrary: settle });
  return fc.array(event, { maxLength: 160, size: 'max' });
}

function timedLists(backend: KeyedStateBackend, stretchMs: number): TimedLists {
  return backend.timedLists({ names: ['one', 'other'], kind: 'interval-join', stretchMs });
}

/** What a backend finds, in the order of times: of equal ones, that of `append`. */
function found(backend: KeyedStateBackend, of: TimedLists, list: ListIndex, key: unknown, from: number, to: number): unknown[] {
  const rows: { readonly time: number; readonly value: unknown }[] = [];
  backend.setCurrentKey(key);
  of.forEach(list, from, to, (value, time) => rows.push({ time, value }));
  return rows.sort((a, b) => a.time - b.time);
}

function expected(model: PlainLists, list: ListIndex, key: unknown, from: number, to: number): unknown[] {
  return model
    .find(list, key, from, to)
    .map(({ time, value }) => ({ time, value }))
    .sort((a, b) => a.time - b.time);
}

class Run {
  readonly model = new PlainLists();
  readonly done: { readonly handle: KeyedStateHandle; readonly model: PlainLists }[] = [];
  readonly #pending: { readonly checkpointId: number; readonly handle: KeyedStateHandle; readonly model: PlainLists }[] = [];
  #checkpointId = 0;
  readonly #of: TimedLists;

  constructor(
    private readonly backend: KeyedStateBackend,
    stretchMs: number,
  ) {
    this.#of = timedLists(backend, stretchMs);
  }

  async event(event: Event): Promise<void> {
    if (event.kind === 'snapshot') await this.snapshot(event.full, event.during);
    else if (event.kind === 'settle') this.#settle(event.confirm);
    else this.#change(event);
  }

  async snapshot(full: boolean, during: readonly Change[]): Promise<KeyedStateHandle> {
    const checkpointId = ++this.#checkpointId;
    const model = this.model.copy();
    const writing = this.backend.snapshot(checkpointId, { full }).write(inMemory);
    for (const [index, change] of during.entries()) {
      this.#change(change);
      if (index % 3 === 0) await setImmediate();
    }
    const handle = await writing;
    this.#pending.push({ checkpointId, handle, model });
    return handle;
  }

  #change(change: Change): void {
    const { list } = change;
    if (change.kind === 'append') {
      this.backend.setCurrentKey(change.key);
      this.#of.append(list, change.time, structuredClone(change.value));
      this.model.append(change);
    } else if (change.kind === 'drop') {
      const time = Math.max(-40, this.model.dropped[list]) + change.byMs;
      this.#of.dropBefore(list, time);
      this.model.dropBefore(list, time);
    } else {
      const { key, from, lengthMs } = change;
      const to = from + lengthMs;
      expect(found(this.backend, this.#of, list, key, from, to)).to.deep.equal(expected(this.model, list, key, from, to));
    }
  }

  #settle(confirm: boolean): void {
    const oldest = this.#pending.shift();
    if (oldest === undefined) return;
    if (!confirm) this.backend.abort(oldest.checkpointId);
    else {
      this.backend.confirm(oldest.checkpointId);
      this.done.push(oldest);
    }
  }
}

/** Of the key groups, a backend that is restored holds what the model holds; what was dropped may have come back. */
function expectRestored(backend: KeyedStateBackend, stretchMs: number, model: PlainLists, groups: KeyGroupRange): void {
  const of = timedLists(backend, stretchMs);
  for (const list of [0, 1] as const) {
    for (const key of ['hot', ...Array.from({ length: 21 }, (_, at) => at)]) {
      const group = keyGroupOf(key, MAX_PARALLELISM);
      const own = group >= groups.first && group <= groups.last;
      const from = Math.max(-100, model.dropped[list]);
      expect(found(backend, of, list, key, from, 1000)).to.deep.equal(own ? expected(model, list, key, from, 1000) : []);
    }
  }
}

async function check(make: MakeBackend, into: MakeBackend, events: readonly Event[], split: number, stretches: readonly [number, number]) {
  const backend = await make();
  const [stretchMs, later] = stretches;
  const run = new Run(backend, stretchMs);
  for (const event of events) await run.event(event);
  const last = { handle: await run.snapshot(true, []), model: run.model.copy() };
  for (const groups of [ALL_GROUPS, { first: 0, last: split }, { first: split + 1, last: MAX_PARALLELISM - 1 }]) {
    for (const { handle, model } of run.done.slice(-2)) expectRestored(await make([handle], groups), later, model, groups);
    // Written again by a backend that nothing was asked of, and read by another.
    const again = await (await make([last.handle], groups)).snapshot(1, { full: true }).write(inMemory);
    for (const from of [last.handle, again]) expectRestored(await into([from], groups), later, last.model, groups);
  }
  await backend.close();
}

/** The tests of lists by time that every backend passes; its savepoints are restored `into` another. */
export function holdsTimedRows(make: MakeBackend, into: MakeBackend): void {
  const stretches = fc.tuple(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 80 }));
  for (const [kind, value] of Object.entries(values)) {
    it(`finds, drops, snapshots and restores what a plain list has: ${kind}`, async function () {
      this.timeout(60_000);
      const property = fc.asyncProperty(eventsOf(value), fc.nat({ max: MAX_PARALLELISM - 2 }), stretches, (events, split, of) =>
        check(make, into, events, split, of),
      );
      await fc.assert(property, { numRuns: 12 });
    });
  }
}
