import { expect } from 'chai';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { fileSystems, fromFileUri, toFileUri, type TypedInfo, Types } from '#core';
import { ListStateDescriptor, MapStateDescriptor, ReducingStateDescriptor, ValueStateDescriptor } from '#api';
import type { KeyedStateHandle } from '../../../../runtime/checkpoint/handles.js';
import { snapshotStorageOf } from '../../../../runtime/checkpoint/storage/snapshot-storage-of.js';
import { useTempDirectory } from '../../../support/temp-directory.js';
import { rejection } from '../../../support/rejection.js';
import { backendOf, completed, inMemory } from './backend-bench.js';

describe('heap keyed backend', () => {
  const temp = useTempDirectory();

  /** The state of one key with one value, stored with a type. */
  async function stored<T>(value: T, type?: TypedInfo<T>): Promise<KeyedStateHandle> {
    const backend = await backendOf();
    backend.setCurrentKey('key');
    backend.valueState(new ValueStateDescriptor<T>('value', type)).update(value);
    return await completed(backend, 1);
  }

  async function readAs<T>(handle: KeyedStateHandle, type?: TypedInfo<T>): Promise<T | undefined> {
    const backend = await backendOf([handle]);
    backend.setCurrentKey('key');
    return backend.valueState(new ValueStateDescriptor<T>('value', type)).value();
  }

  it('answers defaults, and takes null as nothing', async () => {
    const backend = await backendOf();
    expect(backend.inUse).to.equal(false);
    const state = backend.valueState(new ValueStateDescriptor<number>('value', Types.int, 7));
    expect(backend.inUse).to.equal(true);
    backend.setCurrentKey('a');
    expect(state.value()).to.equal(7);
    state.update(8);
    expect(state.value()).to.equal(8);
    state.update(null);
    expect(state.value()).to.equal(7);
  });

  it('tells the keys of a state, whichever have gone', async () => {
    const backend = await backendOf();
    const state = backend.valueState(new ValueStateDescriptor<number>('value'));
    for (let key = 0; key < 100; key++) {
      backend.setCurrentKey(key);
      state.update(key);
    }
    for (let key = 0; key < 90; key++) {
      backend.setCurrentKey(key);
      state.clear();
    }
    expect([...(backend.keysOf?.('value') ?? [])]).to.deep.equal(Array.from({ length: 10 }, (_, index) => 90 + index));
    backend.setCurrentKey('other');
    state.update(1);
    expect([...(backend.keysOf?.('value') ?? [])]).to.have.lengthOf(11);
    for (const key of backend.keysOf?.('value') ?? []) {
      expect(state.value(), String(key)).not.to.equal(undefined);
      state.clear();
    }
    expect([...(backend.keysOf?.('value') ?? [])]).to.deep.equal([]);
  });

  it('answers the same state for a name again, and none of another kind', async () => {
    const backend = await backendOf();
    const state = backend.valueState(new ValueStateDescriptor<number>('state', Types.int));
    expect(backend.valueState(new ValueStateDescriptor<number>('state', Types.int))).to.equal(state);
    expect(() => backend.listState(new ListStateDescriptor<number>('state')))
      .to.throw('operator "counter" has a state "state" already: value state of Integer; it cannot be list state of Generic too')
      .with.property('code', 'DUPLICATE_STATE');
    expect(() => backend.timers('state'))
      .to.throw()
      .with.property('code', 'DUPLICATE_STATE');
    expect(() => backend.namespaced({ name: 'state', kind: 'window', type: undefined }))
      .to.throw()
      .with.property('code', 'DUPLICATE_STATE');
  });

  it('gives values back that were stored with wider, changed or no types', async () => {
    expect(await readAs(await stored(7, Types.int), Types.double)).to.equal(7);
    expect(await readAs(await stored(7, Types.int), Types.nullable(Types.long))).to.equal(7);
    expect(await readAs(await stored([1, 'a']), Types.tuple(Types.int, Types.string))).to.deep.equal([1, 'a']);
    const before = Types.object({ id: Types.int, name: Types.string });
    const after = Types.object({ mail: Types.string, id: Types.long });
    const handle = await stored({ id: 1, name: 'ann' }, before);
    const evolved = await backendOf([handle]);
    evolved.setCurrentKey('key');
    const state = evolved.valueState(new ValueStateDescriptor('value', after));
    expect(state.value()).to.deep.equal({ id: 1 });
    const again = await completed(evolved, 1);
    expect(await readAs(again, after)).to.deep.equal({ id: 1 });
    expect(await readAs(await stored([{ id: 1, name: 'ann' }], Types.array(before)), Types.array(after))).to.deep.equal([{ id: 1 }]);
  });

  it('makes instances of classes from what was stored', async () => {
    class Point {
      x = 0;
      y = 0;
      get sum(): number {
        return this.x + this.y;
      }
    }
    const type = Types.pojo(Point, { fields: { x: Types.int, y: Types.int } });
    const point = Object.assign(new Point(), { x: 1, y: 2 });
    const restored = await readAs(await stored(point, type), type);
    expect(restored).to.be.instanceOf(Point);
    expect(restored?.sum).to.equal(3);
  });

  it('says which state cannot become what is declared', async () => {
    const text = await stored('a', Types.string);
    expect(await rejection(readAs(text, Types.int)))
      .to.have.property('message')
      .that.equals(
        'state "value" of operator "counter" was restored as value state of String, and the program declares value state of Integer, ' +
          'which is incompatible: String cannot become Integer',
      );
    const backend = await backendOf([text]);
    expect(() => backend.listState(new ListStateDescriptor<string>('value', Types.string)))
      .to.throw()
      .with.property('code', 'STATE_MIGRATION');
    expect(() => backend.timers('value'))
      .to.throw()
      .with.property('code', 'STATE_MIGRATION');
    expect(await rejection(readAs(await stored({ a: 1 }, Types.object({ a: Types.int })), Types.object({ a: Types.string }))))
      .to.have.property('message')
      .that.includes('field "a": Integer cannot become String');
    expect(await rejection(readAs(await stored(1, Types.nullable(Types.int)), Types.int))).to.have.property('code', 'STATE_MIGRATION');
  });

  it('keeps keys of maps as they were declared', async () => {
    const backend = await backendOf();
    backend.setCurrentKey(1);
    backend.mapState(new MapStateDescriptor('map', Types.string, Types.int)).put('a', 1);
    const handle = await completed(backend, 1);
    const restored = await backendOf([handle]);
    restored.setCurrentKey(1);
    expect(restored.mapState(new MapStateDescriptor('map', Types.string, Types.int)).get('a')).to.equal(1);
    const other = await backendOf([handle]);
    expect(() => other.mapState(new MapStateDescriptor('map', Types.int, Types.int)))
      .to.throw()
      .with.property('code', 'STATE_MIGRATION');
  });

  it('fails the snapshot, not the record, when a value cannot be written', async () => {
    const backend = await backendOf();
    const state = backend.valueState(new ValueStateDescriptor<unknown>('value'));
    backend.setCurrentKey(1);
    state.update(() => 1);
    const snapshot = backend.snapshot(1, { full: false });
    state.update(2);
    expect(await rejection(snapshot.write(inMemory))).to.have.property('code', 'UNSUPPORTED_RECORD');
    backend.abort(1);
    const handle = await completed(backend, 2);
    expect(handle.segments).to.have.lengthOf(1);
  });

  it('refers to segments before it, until they are many or much has changed', async () => {
    const backend = await backendOf();
    const sum = backend.reducingState(new ReducingStateDescriptor<number>('sum', (a, b) => a + b, Types.double));
    for (let key = 0; key < 1000; key++) {
      backend.setCurrentKey(key);
      sum.add(key);
    }
    const first = await completed(backend, 1);
    expect(first.segments).to.have.lengthOf(1);
    const counts: number[] = [];
    for (let checkpoint = 2; checkpoint < 14; checkpoint++) {
      backend.setCurrentKey(checkpoint);
      sum.add(1);
      const { segments } = await completed(backend, checkpoint);
      expect(segments.filter(({ fresh }) => fresh)).to.have.lengthOf(1);
      counts.push(segments.length);
    }
    expect(counts).to.deep.equal([2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5]);
    expect(Object.keys(await completed(backend, 20, true))).to.include('segments');
    expect((await completed(backend, 21)).segments, 'nothing has changed').to.have.lengthOf(5);
    for (let key = 0; key < 1000; key++) {
      backend.setCurrentKey(key);
      sum.add(key);
    }
    await completed(backend, 22);
    expect((await completed(backend, 23)).segments, 'much has').to.have.lengthOf(1);
  });

  it('says which file is damaged, wherever it is', async () => {
    const directory = toFileUri(temp.path);
    const storage = snapshotStorageOf({ exclusiveDirectory: directory, sharedDirectory: directory, memoryThresholdBytes: 0 }, fileSystems);
    const backend = await backendOf();
    const state = backend.valueState(new ValueStateDescriptor<string>('value'));
    for (let key = 0; key < 20; key++) {
      backend.setCurrentKey(key);
      state.update(`value ${key}`);
    }
    const handle = await backend.snapshot(1, { full: false }).write(storage);
    const [segment] = handle.segments;
    const bytes = segment?.bytes.kind === 'file' ? segment.bytes : { path: '' };
    const path = fromFileUri(bytes.path);
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at += 5) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 0x10;
      writeFileSync(path, damaged);
      const error = await rejection(backendOf([handle]));
      expect(error, `byte ${at}`).to.have.property('code', 'DAMAGED_STATE');
      expect(error).to.have.property('path', bytes.path);
    }
    writeFileSync(path, whole);
    expect(await rejection(backendOf([handle]))).to.equal(undefined);
    appendFileSync(path, 'more');
    expect(await rejection(backendOf([handle]))).to.have.property('code', 'SNAPSHOT_DAMAGED');
  });

  it('writes all of a snapshot that begins while another is written', async () => {
    const backend = await backendOf();
    const state = backend.valueState(new ValueStateDescriptor<number>('value'));
    for (let key = 0; key < 1000; key++) {
      backend.setCurrentKey(key);
      state.update(key);
    }
    const first = backend.snapshot(1, { full: false }).write(inMemory);
    const second = backend.snapshot(2, { full: true }).write(inMemory);
    for (const handle of [await first, await second]) {
      const restored = await backendOf([handle]);
      expect([...(restored.keysOf?.('value') ?? [])]).to.have.lengthOf(1000);
    }
  });

  it('gives a snapshot up that is aborted while it is written', async () => {
    const backend = await backendOf();
    const state = backend.valueState(new ValueStateDescriptor<number>('value'));
    for (let key = 0; key < 1000; key++) {
      backend.setCurrentKey(key);
      state.update(key);
    }
    const writing = backend.snapshot(1, { full: false }).write(inMemory);
    backend.abort(1);
    expect(await rejection(writing)).to.have.property('code', 'SNAPSHOT_ABANDONED');
    const restored = await backendOf([await completed(backend, 2)]);
    restored.setCurrentKey(999);
    expect(restored.valueState(new ValueStateDescriptor<number>('value')).value()).to.equal(999);
  });
});
