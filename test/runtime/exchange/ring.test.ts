import { expect } from 'chai';
import fc from 'fast-check';
import { Doorbell } from '../../../runtime/exchange/doorbell.js';
import { createRing, RingConsumer, RingProducer } from '../../../runtime/exchange/ring.js';

function ends(segmentCount: number) {
  const ring = createRing(segmentCount, 64);
  const producerBell = Doorbell.create();
  const consumerBell = Doorbell.create();
  return { producer: new RingProducer(ring, consumerBell), consumer: new RingConsumer(ring, producerBell), producerBell, consumerBell };
}

const MARK = 8;

describe('ring', () => {
  it('hands segments over in order and never more than it has', () => {
    const steps = fc.array(fc.constantFrom('publish', 'release', 'peek'), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), steps, (segmentCount, script) => {
        const { producer, consumer } = ends(segmentCount);
        const twin: number[] = [];
        let next = 0;
        for (const step of script) {
          const segment = producer.acquire();
          expect(segment === undefined).to.equal(twin.length === segmentCount);
          expect(producer.free).to.equal(segmentCount - twin.length);
          expect(consumer.backlog).to.equal(twin.length);
          if (step === 'publish' && segment) {
            segment.words[MARK] = next;
            producer.publish();
            twin.push(next++);
          } else if (step === 'release' && twin.length > 0) {
            consumer.release();
            twin.shift();
          }
          twin.forEach((mark, ahead) => {
            expect(consumer.peek(ahead)?.words[MARK]).to.equal(mark);
          });
          expect(consumer.peek(twin.length)).to.equal(undefined);
        }
      }),
    );
  });

  it('numbers segments and tells how many wait before', () => {
    const { producer, consumer } = ends(3);
    for (let i = 0; i < 3; i++) {
      producer.acquire();
      producer.publish();
    }
    expect([0, 1, 2].map((ahead) => consumer.peek(ahead)!.words[4])).to.deep.equal([0, 1, 2]);
    expect([0, 1, 2].map((ahead) => consumer.peek(ahead)!.words[7])).to.deep.equal([0, 1, 2]);
  });

  it('rings the consumer for every segment', () => {
    const { producer, consumerBell } = ends(4);
    for (let i = 1; i <= 4; i++) {
      producer.acquire();
      producer.publish();
      expect(consumerBell.rings).to.equal(i);
    }
  });

  it('rings the producer when it waits for room and there is as much as it wants', () => {
    const { producer, consumer, producerBell } = ends(4);
    for (let i = 0; i < 4; i++) {
      producer.acquire();
      producer.publish();
    }
    expect(producer.awaitRoom(2)).to.equal(false);
    consumer.release();
    expect(producerBell.rings).to.equal(0);
    consumer.release();
    expect(producerBell.rings).to.equal(1);
    consumer.release();
    expect(producerBell.rings).to.equal(1);
    expect(producer.awaitRoom(3)).to.equal(true);
  });

  it('lets either side give the channel up', () => {
    const { producer, consumer, producerBell } = ends(2);
    expect(producer.abandoned).to.equal(false);
    consumer.abandon();
    expect(producer.abandoned).to.equal(true);
    expect(producerBell.rings).to.equal(1);
  });
});
