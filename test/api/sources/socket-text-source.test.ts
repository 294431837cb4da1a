import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { InvalidProgramError, SocketFailedError, SocketTextSource } from '#api';
import { ManualClock } from '../../support/manual-clock.js';
import { startSource, type SourceSubtask } from '../../support/source-driver.js';

describe('SocketTextSource', () => {
  let server: Server;
  let port: number;
  const clients: Socket[] = [];

  beforeEach(async () => {
    server = createServer((socket) => {
      clients.push(socket.on('error', () => undefined));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.destroy();
    server.close();
  });

  const start = async (options: { delimiter?: string; maxRetry?: number; clock?: ManualClock } = {}): Promise<SourceSubtask<string>> => {
    const { delimiter = '\n', maxRetry = 0, ...driver } = options;
    const [subtask] = await startSource(new SocketTextSource({ host: '127.0.0.1', port, delimiter, maxRetry }), driver);
    return subtask!;
  };
  const accepted = async (): Promise<Socket> => {
    if (clients.length === 0) await once(server, 'connection');
    return clients.shift()!;
  };

  it('reads lines, however they are cut on the way, and the rest at the end', async () => {
    const subtask = await start();
    const socket = await accepted();
    const bytes = Buffer.from('héllo\r\nwörld\n\nlast');
    for (const byte of bytes) socket.write(Buffer.of(byte));
    await subtask.until(() => subtask.records.length === 3);
    socket.end();
    expect(await subtask.toEnd()).to.deep.equal(['héllo', 'wörld', '', 'last']);
  });

  it('cuts at other delimiters', async () => {
    const subtask = await start({ delimiter: '||' });
    (await accepted()).end('a|b||c\n||d');
    expect(await subtask.toEnd()).to.deep.equal(['a|b', 'c\n', 'd']);
  });

  it('makes a fast server wait', async () => {
    const subtask = await start();
    const socket = await accepted();
    const line = `${'x'.repeat(1023)}\n`;
    const lines = 64 * 1024;
    let sent = 0;
    const send = (): void => {
      while (sent < lines && socket.write(line)) sent++;
    };
    socket.on('drain', send);
    send();
    await subtask.until(() => subtask.records.length > 0);
    for (let i = 0; i < 200; i++) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    expect(sent).to.be.lessThan(lines);
    await subtask.until(() => subtask.records.length >= lines - 1);
    await subtask.reader.close!();
  });

  it('connects again as often as it may', async () => {
    const clock = new ManualClock();
    const subtask = await start({ maxRetry: 1, clock });
    (await accepted()).end('first\n');
    await subtask.until(() => subtask.records.length === 1);
    while (clock.pendingTimers === 0) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    clock.advance(500);
    (await accepted()).end('second\n');
    expect(await subtask.toEnd()).to.deep.equal(['first', 'second']);
  });

  it('fails when nobody listens', async () => {
    await new Promise((resolve) => {
      server.close(resolve);
    });
    const subtask = await start();
    expect(await subtask.toEnd().catch((error: unknown) => error))
      .to.be.instanceOf(SocketFailedError)
      .with.property('retriable', true);
  });

  it('refuses options that cannot be', () => {
    const make = (options: object) => () => new SocketTextSource({ host: 'h', port: 1, delimiter: '\n', maxRetry: 0, ...options });
    expect(make({ delimiter: '' })).to.throw(InvalidProgramError);
    expect(make({ port: 0 })).to.throw(InvalidProgramError);
    expect(make({ maxRetry: -2 })).to.throw(InvalidProgramError, 'maxRetry must be zero or larger (num retries), or -1 (infinite retries)');
  });
});
