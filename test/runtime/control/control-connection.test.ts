import { expect } from 'chai';
import { connect, createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { type JobId, silentLogger, systemClock } from '#core';
import { connectControl } from '../../../runtime/control/connect.js';
import { ControlConnection, type ControlHandler } from '../../../runtime/control/control-connection.js';
import { ControlServer, type TransportSettings } from '../../../runtime/control/control-server.js';
import { inProcessLinks } from '../../../runtime/control/in-process-link.js';
import type { ControlAnswer, ControlMessage, ControlRequest } from '../../../runtime/control/messages.js';

const JOB = '0123456789abcdef0123456789abcdef' as JobId;

describe('ControlConnection', () => {
  for (const kind of ['in process', 'TCP'] as const) {
    describe(kind, () => {
      it('delivers messages in order and answers requests', async () => {
        await using pair = await connected(kind);
        pair.right.onRequest = (request) =>
          request.type === 'fetchBlob'
            ? Promise.resolve({ type: 'blobChunk', bytes: Uint8Array.of(1, 2, 3), sizeBytes: request.offset })
            : Promise.resolve({ type: 'accepted' });
        for (let attempt = 0; attempt < 50; attempt++) pair.client.send({ type: 'slotReleased', jobId: JOB, attempt, slot: 0 });
        const answer = await pair.client.request({ type: 'fetchBlob', key: 'a'.repeat(64) as never, offset: 77 }, 5000);
        expect(answer).to.deep.equal({ type: 'blobChunk', bytes: Uint8Array.of(1, 2, 3), sizeBytes: 77 });
        expect(pair.right.messages.map((message) => 'attempt' in message && message.attempt)).to.deep.equal(
          Array.from({ length: 50 }, (_, i) => i),
        );
      });

      it('carries an error of the handler back, with its fields', async () => {
        await using pair = await connected(kind);
        pair.right.onRequest = () => Promise.reject(new TypeError('no such thing'));
        const error = await failure(pair.client.request({ type: 'fetchBlob', key: 'a'.repeat(64) as never, offset: 0 }, 5000));
        expect(error).to.include({ name: 'TypeError', message: 'no such thing' });
      });

      it('fails a request that is not answered in time', async () => {
        await using pair = await connected(kind);
        pair.right.onRequest = () => new Promise(() => {});
        const error = await failure(pair.client.request({ type: 'fetchBlob', key: 'a'.repeat(64) as never, offset: 0 }, 10));
        expect(error).to.have.property('code', 'REQUEST_TIMEOUT');
      });

      it('tells the other side why it closes, and fails open requests', async () => {
        await using pair = await connected(kind);
        pair.right.onRequest = () => new Promise(() => {});
        const open = failure(pair.client.request({ type: 'fetchBlob', key: 'a'.repeat(64) as never, offset: 0 }, 5000));
        pair.server.close('shutting down');
        expect(await open)
          .to.have.property('message')
          .that.includes('shutting down');
        expect((await pair.left.ended).message).to.include('shutting down');
        expect(await failure(pair.client.request({ type: 'fetchBlob', key: 'a'.repeat(64) as never, offset: 0 }, 5000))).to.have.property(
          'code',
          'CONTROL_CONNECTION_LOST',
        );
      });

      it('closes when handling a message fails, which is a defect', async () => {
        await using pair = await connected(kind);
        pair.right.onMessage = () => {
          throw new Error('unexpected');
        };
        pair.client.send({ type: 'slotReleased', jobId: JOB, attempt: 0, slot: 0 });
        expect((await pair.left.ended).message).to.include('handling "slotReleased" failed: unexpected');
        expect((await pair.right.ended).message).to.include('unexpected');
      });
    });
  }

  it('hears of a socket that breaks', async () => {
    await using pair = await connected('TCP');
    pair.client.destroy('gone');
    expect(await pair.right.ended).to.have.property('code', 'CONTROL_CONNECTION_LOST');
  });

  it('refuses a message that is not plain data of the protocol', async () => {
    await using pair = await connected('TCP');
    pair.client.send({ type: 'slotReleased', jobId: 'no job id' as JobId, attempt: 0, slot: 0 });
    const cause = await pair.right.ended;
    expect(cause.message).to.include('"envelope.message.jobId" of a control message is not');
  });

  it('refuses a message beyond the limit', async () => {
    await using pair = await connected('TCP');
    expect(() => {
      pair.client.send({ type: 'stopTaskManager', reason: 'x'.repeat(2_000_000) });
    }).to.throw('larger than the limit');
  });
});

describe('the handshake', () => {
  const cases = [
    { what: 'another cluster', client: { clusterId: 'other', secret: 's' }, reason: 'cluster "other" is not "c"' },
    { what: 'another secret', client: { clusterId: 'c', secret: 't' }, reason: 'the cluster secret differs' },
    { what: 'no secret', client: { clusterId: 'c', secret: undefined }, reason: 'the cluster secret differs' },
  ];
  for (const { what, client, reason } of cases) {
    it(`refuses ${what} and says so`, async () => {
      const server = await ControlServer.listen(
        { host: '127.0.0.1', ports: [0], key: 'k' },
        settings({ clusterId: 'c', secret: 's' }),
        () => {},
      );
      try {
        const error = await failure(connectControl('127.0.0.1', server.port, settings(client)));
        expect(error).to.have.property('code', 'HANDSHAKE_REFUSED');
        expect(error.message).to.equal(`127.0.0.1:${server.port} refused the connection: ${reason}`);
      } finally {
        await server.close();
      }
    });
  }

  it('notices a server that does not know the secret', async () => {
    const server = await fakeServer((write) => {
      write({ nonce: 'n' });
      write({ proof: 'f'.repeat(64) });
    });
    const error = await failure(connectControl('127.0.0.1', portOf(server), settings({ clusterId: 'c', secret: 's' })));
    expect(error.message).to.include('it does not know the cluster secret');
    server.close();
  });

  it('tells a stranger from a member, and does not wait for one that is silent', async () => {
    const server = await ControlServer.listen(
      { host: '127.0.0.1', ports: [0], key: 'k' },
      { ...settings(), connectTimeoutMs: 20 },
      () => {},
    );
    const silent = connect(server.port, '127.0.0.1');
    const http = connect(server.port, '127.0.0.1');
    http.on('error', () => {});
    http.write('GET / HTTP/1.1\r\n\r\n');
    silent.resume();
    http.resume();
    await Promise.all([once(silent, 'close'), once(http, 'close')]);
    await server.close();
  });

  it('names the port that is in use', async () => {
    const first = await ControlServer.listen({ host: '127.0.0.1', ports: [0], key: 'jobmanager.rpc.port' }, settings(), () => {});
    const address = { host: '127.0.0.1', ports: [first.port], key: 'jobmanager.rpc.port' };
    const error = await failure(ControlServer.listen(address, settings(), () => {}));
    expect(error).to.include({ code: 'PORT_UNAVAILABLE' });
    expect(error.message).to.include(`127.0.0.1:${first.port}`);
    const second = await ControlServer.listen({ ...address, ports: [first.port, 0] }, settings(), () => {});
    expect(second.port).to.not.equal(first.port);
    await Promise.all([first.close(), second.close()]);
  });

  it('fails to connect where nobody listens', async () => {
    const server = await ControlServer.listen({ host: '127.0.0.1', ports: [0], key: 'k' }, settings(), () => {});
    const { port } = server;
    await server.close();
    expect(await failure(connectControl('127.0.0.1', port, settings()))).to.include({ code: 'CONNECT_FAILED', retriable: true });
  });
});

class Side implements ControlHandler {
  readonly messages: ControlMessage[] = [];
  #tell!: (cause: Error) => void;
  readonly ended = new Promise<Error>((resolve) => {
    this.#tell = resolve;
  });
  onMessage = (message: ControlMessage): void => {
    this.messages.push(message);
  };
  onRequest = (_request: ControlRequest): Promise<ControlAnswer> => Promise.resolve({ type: 'accepted' });
  onClosed(cause: Error): void {
    this.#tell(cause);
  }
}

async function connected(kind: 'in process' | 'TCP') {
  const [left, right] = [new Side(), new Side()];
  const { client, server, dispose } = kind === 'TCP' ? await tcpPair() : inProcessPair();
  client.start(left);
  server.start(right);
  return { client, server, left, right, [Symbol.asyncDispose]: dispose };
}

function inProcessPair() {
  const [near, far] = inProcessLinks({ carry: (envelope) => structuredClone(envelope) });
  return {
    client: new ControlConnection(near, systemClock),
    server: new ControlConnection(far, systemClock),
    dispose: () => Promise.resolve(),
  };
}

async function tcpPair() {
  let accepted!: (connection: ControlConnection) => void;
  const accepting = new Promise<ControlConnection>((resolve) => {
    accepted = resolve;
  });
  const listener = await ControlServer.listen({ host: '127.0.0.1', ports: [0], key: 'k' }, settings(), accepted);
  const client = await connectControl('127.0.0.1', listener.port, settings());
  const server = await accepting;
  return {
    client,
    server,
    dispose: async () => {
      client.destroy('test ends');
      await listener.close();
    },
  };
}

function settings(identity: { clusterId: string; secret: string | undefined } = { clusterId: 'c', secret: undefined }): TransportSettings {
  return { identity, clock: systemClock, logger: silentLogger, connectTimeoutMs: 5000, maxMessageBytes: 1 << 20 };
}

async function fakeServer(talk: (write: (fields: object) => void) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {}).resume();
    talk((fields) => {
      const payload = Buffer.from(JSON.stringify(fields));
      const prefix = Buffer.alloc(4);
      prefix.writeUInt32BE(payload.length);
      socket.write(Buffer.concat([prefix, payload]));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing failed');
}
