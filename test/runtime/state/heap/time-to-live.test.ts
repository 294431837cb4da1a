import { expect } from 'chai';
import { ListStateDescriptor, MapStateDescriptor, StateTtl, type TtlUpdateType, type TtlVisibility, ValueStateDescriptor } from '#api';
import type { KeyedStateBackend } from '../../../../runtime/state/keyed-state-backend.js';
import { SteppingClock } from '../../../support/stepping-clock.js';
import { ALL_GROUPS, backendOf, completed } from './backend-bench.js';

describe('time to live of heap state', () => {
  const clock = new SteppingClock();
  let backend: KeyedStateBackend;

  beforeEach(async () => {
    backend = await backendOf([], ALL_GROUPS, clock);
    backend.setCurrentKey('key');
  });

  function value(updateType?: TtlUpdateType, visibility?: TtlVisibility) {
    return new ValueStateDescriptor<string>('value').enableTimeToLive(new StateTtl(100, updateType, visibility));
  }

  it('counts from the last write', () => {
    const state = backend.valueState(value());
    state.update('a');
    clock.advance(99);
    expect(state.value()).to.equal('a');
    state.update('b');
    clock.advance(99);
    expect(state.value()).to.equal('b');
    clock.advance(1);
    expect(state.value()).to.equal(undefined);
  });

  it('counts from the last read when asked to', () => {
    const state = backend.valueState(value('OnReadAndWrite'));
    state.update('a');
    for (let round = 0; round < 3; round++) {
      clock.advance(99);
      expect(state.value()).to.equal('a');
    }
    clock.advance(100);
    expect(state.value()).to.equal(undefined);
  });

  it('shows once what has expired when asked to', () => {
    const state = backend.valueState(value('OnCreateAndWrite', 'ReturnExpiredIfNotCleanedUp'));
    state.update('a');
    clock.advance(100);
    expect(state.value()).to.equal('a');
    expect(state.value()).to.equal(undefined);
  });

  it('is none when it is disabled', () => {
    const state = backend.valueState(value('Disabled'));
    state.update('a');
    clock.advance(1000);
    expect(state.value()).to.equal('a');
  });

  it('is that of each element and entry', () => {
    const ttl = new StateTtl(100);
    const list = backend.listState(new ListStateDescriptor<number>('list').enableTimeToLive(ttl));
    const map = backend.mapState(new MapStateDescriptor<string, number>('map').enableTimeToLive(ttl));
    list.add(1);
    map.put('one', 1);
    clock.advance(60);
    list.add(2);
    map.put('two', 2);
    expect(list.get()).to.deep.equal([1, 2]);
    clock.advance(60);
    expect(list.get()).to.deep.equal([2]);
    expect([...map.entries()]).to.deep.equal([['two', 2]]);
    expect(map.get('one')).to.equal(undefined);
    expect(map.has('two')).to.equal(true);
    clock.advance(60);
    expect(list.get()).to.deep.equal([]);
    expect(map.empty).to.equal(true);
  });

  it('goes on after a restore, and what is over is left out of whole snapshots', async () => {
    const state = backend.valueState(value());
    state.update('a');
    clock.advance(60);
    backend.setCurrentKey('other');
    state.update('b');
    const handle = await completed(backend, 1);
    const restored = await backendOf([handle], ALL_GROUPS, clock);
    const again = restored.valueState(value());
    clock.advance(40);
    restored.setCurrentKey('key');
    expect(again.value()).to.equal(undefined);
    restored.setCurrentKey('other');
    expect(again.value()).to.equal('b');
    const later = await completed(backend, 2, true);
    expect(later.segments.map(({ entries }) => entries)).to.deep.equal([1]);
  });

  it('may be added to state that was stored without, and taken away', async () => {
    const state = backend.valueState(new ValueStateDescriptor<string>('value'));
    state.update('a');
    const handle = await completed(backend, 1);
    const expiring = await backendOf([handle], ALL_GROUPS, clock);
    expiring.setCurrentKey('key');
    const limited = expiring.valueState(value());
    clock.advance(99);
    expect(limited.value()).to.equal('a');
    const unlimited = await backendOf([await completed(expiring, 1)], ALL_GROUPS, clock);
    clock.advance(1000);
    unlimited.setCurrentKey('key');
    expect(unlimited.valueState(new ValueStateDescriptor<string>('value')).value()).to.equal('a');
  });
});
