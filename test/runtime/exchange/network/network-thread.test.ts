import net from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import fc from 'fast-check';
import { NO_TIMESTAMP } from '#core';
import { ConnectionLostError, ProducerNotDeployedError } from '../../../../runtime/exchange/errors.js';
import type { InputGate } from '../../../../runtime/exchange/input-gate.js';
import { controlFrame, FrameKind } from '../../../../runtime/exchange/network/frame.js';
import { HandshakeServer } from '../../../../runtime/exchange/network/handshake.js';
import type { ResultPartition } from '../../../../runtime/exchange/result-partition.js';
import { channel, JOB, NetworkRig } from './network-rig.js';

function take(gate: InputGate, into: unknown[], maxSegments = 8): boolean {
  return gate.poll(
    (value) => {
      into.push(value);
    },
    { blocked: false },
    maxSegments,
  );
}

describe('network thread', () => {
  let producer: NetworkRig;
  let consumer: NetworkRig;
  let attempt = 0;

  before(async () => {
    producer = await NetworkRig.start({ name: 'the producer' });
    consumer = await NetworkRig.start({ name: 'the consumer', producerTimeoutMs: 50 });
  });
  after(async () => {
    await Promise.all([producer.network.stop(), consumer.network.stop()]);
  });
  beforeEach(() => {
    attempt++;
  });
  afterEach(() => {
    producer.network.release(JOB, attempt);
    consumer.network.release(JOB, attempt);
  });

  /** Emits all, as far as there is room, while the consumers take theirs. */
  async function carry(records: readonly unknown[], partition: ResultPartition, gates: readonly InputGate[]): Promise<unknown[][]> {
    const received: unknown[][] = gates.map(() => []);
    let next = 0;
    const bell = consumer.bell;
    for (;;) {
      const seen = [bell.rings, producer.bell.rings];
      let progress = partition.drain();
      for (; next < records.length && !partition.blocked; progress = true) {
        partition.emit(records[next++], NO_TIMESTAMP);
        if (next === records.length) partition.broadcastEvent({ kind: 'endOfInput' });
      }
      gates.forEach((gate, index) => {
        progress = take(gate, received[index]!) || progress;
      });
      if (gates.every((gate) => gate.finished)) return received;
      if (!progress) await Promise.race([bell.waitBeyond(seen[0]!, 60_000), producer.bell.waitBeyond(seen[1]!, 60_000)]);
    }
  }

  it('carries any records in order through small segments, ring sizes of both sides differing', async () => {
    const value = fc.oneof(
      fc.integer(),
      fc.string(),
      fc.string({ minLength: 400, maxLength: 900 }),
      fc.record({ id: fc.nat(), name: fc.string() }),
    );
    const shape = fc.record({ out: fc.integer({ min: 1, max: 4 }), in: fc.integer({ min: 1, max: 4 }), bytes: fc.constantFrom(256, 1024) });
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 150 }), shape, async (records, sizes) => {
        attempt++;
        const ids = [channel(0, attempt), channel(1, attempt)];
        const gates = ids.map((id) => consumer.gate(id, producer.port, sizes.in, sizes.bytes));
        const received = await carry(records, producer.partition(ids, sizes.out, sizes.bytes), gates);
        const even = records.filter((_, index) => index % 2 === 0);
        const odd = records.filter((_, index) => index % 2 === 1);
        // The round robin may start at either channel.
        const sorted = JSON.stringify(received[0]) === JSON.stringify(even) ? [even, odd] : [odd, even];
        expect(received).to.deep.equal(sorted);
        producer.network.release(JOB, attempt);
        consumer.network.release(JOB, attempt);
      }),
      { numRuns: 25 },
    );
    expect(producer.failures).to.deep.equal([]);
    expect(consumer.failures).to.deep.equal([]);
  });

  it('never lets a slow channel hold up another, nor take more than the segments of both rings', async () => {
    const [slow, fast] = [channel(0, attempt), channel(1, attempt)];
    const gates = [slow, fast].map((id) => consumer.gate(id, producer.port, 3, 256));
    const stuck = producer.partition([slow], 4, 256);
    const moving = producer.partition([fast], 4, 256);
    let emitted = 0;
    await producer.until(() => {
      stuck.drain();
      while (!stuck.blocked) stuck.emit(emitted++, NO_TIMESTAMP);
      return gates[0]!.backlog === 3;
    });
    const records = Array.from({ length: 2000 }, (_, i) => i);
    expect((await carry(records, moving, [gates[1]!]))[0]).to.deep.equal(records);
    expect(gates[0]!.backlog).to.equal(3);
    expect(stuck.blocked).to.equal(true);
    const late: unknown[] = [];
    stuck.flush();
    await consumer.until(() => {
      stuck.drain();
      take(gates[0]!, late);
      return late.length === emitted;
    });
    expect(late).to.deep.equal(Array.from({ length: emitted }, (_, i) => i));
  });

  it('keeps a request until its producer is deployed', async () => {
    const id = channel(0, attempt);
    const gate = consumer.gate(id, producer.port, 2, 256);
    const probe = channel(1, attempt);
    const arrived = consumer.gate(probe, producer.port, 2, 256);
    await carry(['the connection works'], producer.partition([probe], 2, 256), [arrived]);
    expect(await carry(['late', 'but whole'], producer.partition([id], 2, 256), [gate])).to.deep.equal([['late', 'but whole']]);
  });

  it('rejects a request whose producer is never deployed', async () => {
    const id = channel(0, attempt);
    producer.gate(id, consumer.port, 2, 256);
    await producer.until(() => producer.failures.length > 0);
    const [failure] = producer.failures.splice(0);
    expect(failure!.channels).to.deep.equal([id]);
    expect(failure!.error).to.be.instanceOf(ProducerNotDeployedError);
    expect(failure!.error.message).to.include(`TaskManager "127.0.0.1:${consumer.port}"`).and.include('not deployed within 50 ms');
  });

  it('reports the channels of a TaskManager that cannot be reached', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    server.close();
    await once(server, 'close');
    const id = channel(0, attempt);
    consumer.gate(id, port, 2, 256);
    await consumer.until(() => consumer.failures.length > 0);
    const [failure] = consumer.failures.splice(0);
    expect(failure!.channels).to.deep.equal([id]);
    expect(failure!.error).to.be.instanceOf(ConnectionLostError);
    expect(failure!.error.message).to.equal(
      `connection to TaskManager "127.0.0.1:${port}" was lost: connect ECONNREFUSED 127.0.0.1:${port}`,
    );
  });

  it('serves a channel once, and again in the next attempt', async () => {
    const id = channel(0, attempt);
    consumer.gate(id, producer.port, 2, 256);
    const second = await NetworkRig.start();
    const gate = second.gate(id, producer.port, 2, 256);
    await Promise.race([second.until(() => second.failures.length > 0), consumer.until(() => consumer.failures.length > 0)]);
    const [failure] = [...second.failures, ...consumer.failures.splice(0)];
    expect(failure!.error).to.be.instanceOf(ProducerNotDeployedError);
    expect(failure!.error.message).to.include('it was requested before');
    expect(gate.hasData).to.equal(false);
    await second.network.stop();
    producer.network.release(JOB, attempt);
    consumer.network.release(JOB, attempt);
    const next = channel(0, ++attempt);
    const received = await carry([1, 2, 3], producer.partition([next], 2, 256), [consumer.gate(next, producer.port, 2, 256)]);
    expect(received).to.deep.equal([[1, 2, 3]]);
  });

  it('closes a connection with its last channel, without calling it a failure', async () => {
    const lone = await NetworkRig.start({ name: 'lone' });
    const id = channel(0, attempt);
    const gate = lone.gate(id, producer.port, 2, 256);
    const partition = producer.partition([id], 2, 256);
    partition.emit('not the last', NO_TIMESTAMP);
    partition.flush();
    await lone.until(() => gate.hasData);
    lone.network.release(JOB, attempt);
    await lone.network.stop();
    const probe = channel(1, attempt);
    await carry(['still at work'], producer.partition([probe], 2, 256), [consumer.gate(probe, producer.port, 2, 256)]);
    expect([...lone.failures, ...producer.failures]).to.deep.equal([]);
  });

  it('refuses and logs who belongs to another cluster, does not know the secret, or speaks something else', async () => {
    const strangers: readonly [Partial<Parameters<typeof NetworkRig.start>[0]>, string][] = [
      [{ clusterId: 'other' }, 'it belongs to cluster "other", this TaskManager to "test"'],
      [{ secret: 'guessed' }, 'it does not know the secret of the cluster'],
    ];
    for (const [options, reason] of strangers) {
      const stranger = await NetworkRig.start(options);
      const warnings = producer.warnings.length;
      stranger.gate(channel(0, attempt), producer.port, 2, 256);
      await stranger.until(() => stranger.failures.length > 0);
      expect(stranger.failures[0]!.error.message).to.include(`refused: ${reason}`);
      await producer.until(() => producer.warnings.length > warnings);
      expect(producer.warnings.at(-1)).to.equal(`data connection refused: ${reason}`);
      await stranger.network.stop();
    }
    const warnings = producer.warnings.length;
    const browser = net.connect(producer.port, '127.0.0.1');
    browser.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    browser.resume();
    await once(browser, 'close');
    await producer.until(() => producer.warnings.length > warnings);
    expect(producer.warnings.at(-1)).to.include('a control frame of');
  });

  it('does not trust a producer that does not prove the secret', async () => {
    const impostor = net.createServer((socket) => {
      socket.write(new HandshakeServer({ clusterId: 'test', secret: 'guessed' }).hello());
      socket.once('data', () => {
        socket.write(controlFrame(FrameKind.welcome, 0, Buffer.alloc(32)));
      });
    });
    impostor.listen(0, '127.0.0.1');
    await once(impostor, 'listening');
    consumer.gate(channel(0, attempt), (impostor.address() as net.AddressInfo).port, 2, 256);
    await consumer.until(() => consumer.failures.length > 0);
    expect(consumer.failures.splice(0)[0]!.error.message).to.include('it does not know the secret of the cluster');
    impostor.close();
  });

  it('takes the next port of the range when one is taken, and says so when all are', async () => {
    const wide = await NetworkRig.start({
      portRange: [
        { first: producer.port, last: producer.port },
        { first: 0, last: 0 },
      ],
    });
    expect(wide.port).not.to.equal(producer.port);
    await wide.network.stop();
    let failure: unknown;
    await NetworkRig.start({ portRange: [{ first: producer.port, last: producer.port }] }).catch((error: unknown) => {
      failure = error;
    });
    expect((failure as Error).message).to.match(new RegExp(`^no port of ${producer.port} can be bound at "127.0.0.1": .*EADDRINUSE`));
  });
});
