import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import fc from 'fast-check';
import { encodePlain } from '../../../runtime/plan/plain-values.js';
import { detached, detachedString } from '../../../runtime/state/detach.js';
import { anyString, anyValue } from '../../core/codec/arbitrary-records.js';
import { deepFreeze } from '../../support/frozen.js';

setFlagsFromString('--expose-gc');
const collectOnce = runInNewContext('gc') as () => void;

/** What a first collection leaves to weak references and finalizers goes with the next. */
function collectGarbage(): void {
  for (let times = 0; times < 3; times++) collectOnce();
}

/** Bytes of heap that the values keep alive. */
function bytesKeptBy(values: () => readonly unknown[]): number {
  collectGarbage();
  const startBytes = process.memoryUsage().heapUsed;
  const kept = values();
  collectGarbage();
  const keptBytes = process.memoryUsage().heapUsed - startBytes;
  expect(kept).to.have.lengthOf.above(0);
  return keptBytes;
}

describe('detached', () => {
  it('answers a string that is equal', () => {
    fc.assert(
      fc.property(anyString, (text) => {
        expect(detachedString(text)).to.equal(text);
      }),
    );
  });

  it('answers a value that is equal', () => {
    fc.assert(
      fc.property(anyValue, fc.option(anyValue), (value, previous) => {
        const before = encodePlain(value);
        expect(encodePlain(detached(value, previous))).to.deep.equal(before);
      }),
    );
  });

  it('copies long strings wherever they are, and takes from the previous value those that are the same', () => {
    const long = 'a text of more than thirteen letters';
    const record = { a: long, inner: { list: ['short', long] }, n: 1 };
    expect(detached(record)).to.equal(record);
    expect(detached(record, record)).to.deep.equal({ a: long, inner: { list: ['short', long] }, n: 1 });
  });

  it('leaves frozen records and bytes alone', () => {
    const record = deepFreeze({ a: 'a text of more than thirteen letters' });
    expect(detached(record)).to.equal(record);
    const bytes = new Uint8Array(100_000);
    expect(detached(bytes)).to.equal(bytes);
  });

  it('comes to an end with values that contain themselves', () => {
    interface Loop {
      name: string;
      self?: Loop;
    }
    const loop: Loop = { name: 'a text of more than thirteen letters' };
    loop.self = loop;
    expect(detached(loop)).to.equal(loop);
  });

  it('lets go of the text that a string was cut from', () => {
    const lengthOfTexts = 50_000;
    const cuts = (): string[] =>
      Array.from({ length: 100 }, (_, number) => Buffer.alloc(lengthOfTexts, String(number)).toString('latin1').slice(10, 50));
    expect(bytesKeptBy(cuts), 'of strings that are not detached').to.be.above((100 * lengthOfTexts) / 2);
    expect(
      bytesKeptBy(() => cuts().map(detachedString)),
      'of strings that are',
    ).to.be.below((100 * lengthOfTexts) / 10);
    expect(
      bytesKeptBy(() => cuts().map((text) => detached({ text }))),
      'of records that are',
    ).to.be.below((100 * lengthOfTexts) / 10);
  });
});
