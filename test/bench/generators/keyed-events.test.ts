import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { keyedEvents, type KeyedEventOptions } from '../../../bench/generators/keyed-events.js';

/** SHA-256 over a line `key ts value` for every so many events. */
function digest(options: KeyedEventOptions, step: number): string {
  const eventAt = keyedEvents(options);
  const hash = createHash('sha256');
  for (let index = 0; index < options.events; index += step) {
    const { key, ts, value } = eventAt(index);
    hash.update(`${key} ${ts} ${value}\n`);
  }
  return hash.digest('hex');
}

/* The digests were taken from the events of the peer's generator in Java. */
describe('keyed events', () => {
  it('are those of the peer', () => {
    expect(digest({ events: 1000, keys: 100_000, parallelism: 2 }, 1)).to.equal(
      '3c2cd33aa1b555c995346b86c573af86c3546038b207527fbb02030628823a47',
    );
  });

  it('are those of the peer far from the start', () => {
    expect(digest({ events: 20_000_000, keys: 100_000, parallelism: 2 }, 20_001)).to.equal(
      '92507a87843ed83b52f962132e08a304543e5ef940d6baad6f653d6a076b0d5c',
    );
  });

  it('are those of the peer with other keys, rate, salt and number of ranges', () => {
    expect(digest({ events: 999, keys: 1_000_000, parallelism: 3, eventsPerMs: 7, salt: 2 }, 1)).to.equal(
      '35044afffa3cc076c1b414a34f510846133a7e42fbc7f15ad00810af06a30467',
    );
  });

  it('are the same set for every parallelism', () => {
    const sorted = (parallelism: number): string[] => {
      const eventAt = keyedEvents({ events: 840, keys: 50, parallelism });
      return Array.from({ length: 840 }, (_, index) => JSON.stringify(eventAt(index))).sort();
    };
    expect(sorted(4)).to.deep.equal(sorted(1));
    expect(sorted(7)).to.deep.equal(sorted(1));
  });
});
