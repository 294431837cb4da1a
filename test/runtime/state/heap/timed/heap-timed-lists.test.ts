import { expect } from 'chai';
import { CurrentKey } from '../../../../../runtime/state/heap/current-key.js';
import { KeyDirectory } from '../../../../../runtime/state/heap/key-directory.js';
import { formOf } from '../../../../../runtime/state/heap/value-form.js';
import { HeapTimedLists } from '../../../../../runtime/state/heap/timed/heap-timed-lists.js';

class Lists {
  readonly keys = new KeyDirectory(16);
  readonly current = new CurrentKey(this.keys);
  readonly of = new HeapTimedLists(this.keys, this.current, {
    stretchMs: 100,
    written: [
      { index: 0, form: formOf(undefined, 'one') },
      { index: 1, form: formOf(undefined, 'other') },
    ],
  });

  append(key: unknown, time: number, value: unknown): void {
    this.current.set(key);
    this.of.append(0, time, value);
  }

  find(key: unknown, from = -Infinity, to = Infinity): unknown[] {
    const found: unknown[] = [];
    this.current.set(key);
    this.of.forEach(0, from, to, (value) => found.push(value));
    return found;
  }
}

describe('HeapTimedLists', () => {
  it('uses memory and slots again, whatever was dropped', () => {
    const lists = new Lists();
    let most = 0;
    for (let time = 0; time < 100_000; time++) {
      lists.append(time % 7 === 0 ? 'hot' : time, time, { time, text: 7 });
      if (time % 10 === 0) lists.of.dropBefore(0, time - 2000);
      if (time > 20_000) most = Math.max(most, lists.of.lists[0].chunks);
    }
    expect(most).to.be.below(8);
    expect(lists.keys.size).to.be.below(8000);
    expect(lists.find('hot')).to.have.length.within(280, 290);
  });

  it('keeps what comes in order of append, in blocks of any size', () => {
    const lists = new Lists();
    const all = Array.from({ length: 2000 }, (_, at) => at);
    for (const at of all) lists.append('a', (at * 37) % 1000, at);
    expect(lists.find('a')).to.deep.equal(all);
    expect(lists.find('a', 10, 20)).to.deep.equal(all.filter((at) => (at * 37) % 1000 >= 10 && (at * 37) % 1000 <= 20));
    expect(lists.find('b')).to.deep.equal([]);
  });

  it('takes what is of another shape, and what was there before stays', () => {
    const lists = new Lists();
    const values = [{ a: 1 }, { a: 2.5 }, 'text that is long enough to be cut from another', { a: 3 }, undefined, null, [1]];
    for (const [at, value] of values.entries()) lists.append('a', at, value);
    expect(lists.find('a')).to.deep.equal(values);
    lists.append('b', 1, { a: 4 });
    expect(lists.find('b')).to.deep.equal([{ a: 4 }]);
  });

  it('passes over what is dropped at once, and what comes too late', () => {
    const lists = new Lists();
    lists.append('a', 5, 5);
    lists.append('a', 7, 7);
    lists.of.dropBefore(0, 6);
    lists.append('a', 3, 3);
    lists.of.dropBefore(0, 1);
    expect(lists.find('a')).to.deep.equal([7]);
  });
});
