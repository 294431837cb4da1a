import { expect } from 'chai';
import { createServer } from 'node:net';
import { systemClock } from '#core';
import {
  HadoopRemoteError,
  RpcConnectionLostError,
  RpcProtocolError,
  RpcTimeoutError,
  RpcUnreachableError,
} from '../../../../session/yarn/rpc/errors.js';
import { RpcConnection, type RpcConnectionOptions } from '../../../../session/yarn/rpc/rpc-connection.js';
import { rejection } from '../../../support/rejection.js';
import { echo, ScriptedServer, type ScriptedServerOptions } from './scripted-server.js';

const token = { identifier: Buffer.from('who'), password: Buffer.from('secret'), kind: 'K', service: '' };
const echoing: ScriptedServerOptions = { token, answer: (_method, request) => request };

describe('RpcConnection', () => {
  const opened: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const { close } of opened.splice(0).reverse()) await close();
  });

  async function serve(options: Partial<ScriptedServerOptions> = {}): Promise<ScriptedServer> {
    const server = await ScriptedServer.start({ ...echoing, ...options });
    opened.push({ close: () => server.close() });
    return server;
  }
  async function connect(
    { address }: Pick<ScriptedServer, 'address'>,
    changes: Partial<RpcConnectionOptions> = {},
  ): Promise<RpcConnection> {
    const connection = await RpcConnection.open({
      address,
      protocol: 'a.b.EchoPB',
      credentials: { token },
      clock: systemClock,
      connectTimeoutMs: 5000,
      callTimeoutMs: 5000,
      ...changes,
    });
    opened.push({
      close: () => {
        connection.close();
      },
    });
    return connection;
  }

  for (const qop of ['auth', 'auth-int', 'auth-conf'] as const) {
    it(`calls over ${qop}, several at a time`, async () => {
      const server = await serve({ qop });
      const connection = await connect(server);
      const texts = Array.from({ length: 20 }, (_, index) => `text ${index}`);
      const answers = await Promise.all(texts.map((text) => connection.call(echo, { text })));
      expect(answers.map(({ text }) => text)).to.deep.equal(texts);
      expect(server.contexts).to.deep.equal(['a.b.EchoPB']);
      expect(server.users).to.deep.equal([undefined]);
    });
  }

  it('takes a challenge that comes only when asked for', async () => {
    const connection = await connect(await serve({ challengeAtOnce: false }));
    expect(await connection.call(echo, { text: 'x' })).to.deep.equal({ text: 'x' });
  });

  it('is opened by a mere name, where the server allows that', async () => {
    const server = await serve();
    const connection = await connect(server, { credentials: { user: 'ann' } });
    expect(await connection.call(echo, { text: 'x' })).to.deep.equal({ text: 'x' });
    expect(server.users).to.deep.equal(['ann']);
  });

  it('brings answers to their calls in whatever order they come', async () => {
    const waiting: (() => void)[] = [];
    const server = await serve({
      answer: async (_method, request) => {
        await new Promise<void>((resolve) => {
          if (waiting.unshift(resolve) === 3) for (const tell of waiting) tell();
        });
        return request;
      },
    });
    const connection = await connect(server);
    const answers = await Promise.all(['a', 'b', 'c'].map((text) => connection.call(echo, { text })));
    expect(answers.map(({ text }) => text)).to.deep.equal(['a', 'b', 'c']);
  });

  it('refuses a wrong password with what the server says', async () => {
    const server = await serve();
    const error = await rejection(connect(server, { credentials: { token: { ...token, password: Buffer.from('wrong') } } }));
    expect(error).to.be.instanceOf(HadoopRemoteError).with.property('fatal', true);
    expect((error as HadoopRemoteError).is('SaslException')).to.equal(true);
  });

  it('tells refusals by the name of their class, and goes on', async () => {
    let refuse = true;
    const message = 'no such thing\n\tat java.lang.Thread.run';
    const server = await serve({
      answer: (_method, request) => (refuse ? { className: 'x.y.Z$NotRegisteredException', message } : request),
    });
    const connection = await connect(server);
    const error = await rejection(connection.call(echo, { text: 'x' }));
    expect(error).to.be.instanceOf(HadoopRemoteError).with.property('message', 'NotRegisteredException: no such thing');
    expect((error as HadoopRemoteError).is('NotRegisteredException')).to.equal(true);
    refuse = false;
    expect(await connection.call(echo, { text: 'y' })).to.deep.equal({ text: 'y' });
  });

  it('ends with a fatal refusal', async () => {
    const server = await serve({ answer: () => ({ className: 'x.FatalException', message: 'over', fatal: true }) });
    const connection = await connect(server);
    expect(await rejection(connection.call(echo, { text: 'x' }))).to.be.instanceOf(HadoopRemoteError);
    expect(connection.ended).to.equal(true);
  });

  it('rejects all calls, and every later one, once the server has hung up', async () => {
    const server = await serve({ answer: () => 'hang-up' });
    const connection = await connect(server);
    const errors = await Promise.all(['a', 'b'].map((text) => rejection(connection.call(echo, { text }))));
    for (const error of errors) expect(error).to.be.instanceOf(RpcConnectionLostError).with.property('retriable', true);
    expect(await rejection(connection.call(echo, { text: 'late' }))).to.be.instanceOf(RpcConnectionLostError);
  });

  it('gives up a call without an answer, and the connection with it', async () => {
    const server = await serve({ answer: () => 'silence' });
    const connection = await connect(server, { callTimeoutMs: 20 });
    const error = await rejection(connection.call(echo, { text: 'x' }));
    expect(error).to.be.instanceOf(RpcTimeoutError).with.property('message').that.includes('did not answer "echo" within 20 ms');
    expect(connection.ended).to.equal(true);
  });

  it('says that nobody listens', async () => {
    const server = await ScriptedServer.start(echoing);
    await server.close();
    expect(await rejection(connect({ address: { host: '127.0.0.1', port: 1 } }))).to.be.instanceOf(RpcUnreachableError);
  });

  it('recognises a server that speaks something else', async () => {
    const web = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
    });
    await new Promise<void>((resolve) => {
      web.listen(0, '127.0.0.1', resolve);
    });
    opened.push({ close: () => web.close() });
    const address = { host: '127.0.0.1', port: (web.address() as { port: number }).port };
    const error = await rejection(connect({ address }));
    expect(error).to.be.instanceOf(RpcProtocolError).with.property('message').that.includes('does not speak Hadoop RPC');
  });
});
