import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect } from 'chai';
import { CollectSink, DiscardingSink, FunctionSink, SocketFailedError, SocketSink } from '#api';
import { ManualClock } from '../../support/manual-clock.js';
import { runSink, SinkSubtask } from '../../support/sink-driver.js';

describe('CollectSink', () => {
  it('sends batches, two at a time, and blocks when the client is behind', async () => {
    const sent: number[][] = [];
    const taken: (() => void)[] = [];
    const subtask = new SinkSubtask(new CollectSink<number>('c'), {
      clock: new ManualClock(),
      sendToClient: (id, records) => {
        expect(id).to.equal('c');
        sent.push(records as number[]);
        return new Promise((resolve) => {
          taken.push(resolve);
        });
      },
    });
    let written = 0;
    while (!subtask.writer.blocked) subtask.writer.write(written++, 0);
    expect(sent.length).to.equal(2);
    expect(written).to.equal(3 * 1024);
    taken[0]!();
    await subtask.woken(() => !subtask.writer.blocked);
    expect(sent.length).to.equal(3);
    for (const resolve of taken.splice(0)) resolve();
    await subtask.writer.flush(true);
    expect(sent.flat()).to.deep.equal(Array.from({ length: written }, (_, i) => i));
  });

  it('sends few records soon, and fails the job when they cannot be sent', async () => {
    const clock = new ManualClock();
    const subtask = new SinkSubtask(new CollectSink<number>('c'), { clock, sendToClient: () => Promise.reject(new Error('gone')) });
    subtask.writer.write(1, 0);
    clock.advance(50);
    await subtask.woken(() => subtask.failures.length > 0);
    expect(subtask.failures[0]).to.have.property('message', 'gone');
  });
});

describe('FunctionSink', () => {
  it('calls a function with each record and its timestamp', async () => {
    const seen: [string, number][] = [];
    const subtask = new SinkSubtask(
      new FunctionSink<string>((value, { timestamp }) => {
        seen.push([value, timestamp]);
      }),
    );
    subtask.writer.write('a', 1);
    subtask.writer.write('b', 2);
    await subtask.writer.flush(true);
    expect(seen).to.deep.equal([
      ['a', 1],
      ['b', 2],
    ]);
  });

  it('opens and closes an object', async () => {
    const seen: string[] = [];
    const sink = new FunctionSink<string>({
      open: ({ subtaskIndex }) => {
        seen.push(`open ${subtaskIndex}`);
      },
      invoke: (value) => {
        seen.push(value);
      },
      close: () => {
        seen.push('close');
      },
    });
    await runSink(sink, ['a'], { subtaskIndex: 1, parallelism: 2 });
    expect(seen).to.deep.equal(['open 1', 'a', 'close']);
  });

  it('takes records one after the other when the function answers promises', async () => {
    const seen: number[] = [];
    let running = 0;
    const sink = new FunctionSink<number>(async (value) => {
      expect(++running).to.equal(1);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      running--;
      seen.push(value);
    });
    const subtask = new SinkSubtask(sink);
    for (let i = 0; i < 5; i++) subtask.writer.write(i, 0);
    expect(subtask.writer.blocked).to.equal(true);
    await subtask.writer.flush(true);
    expect(seen).to.deep.equal([0, 1, 2, 3, 4]);
    expect(subtask.writer.blocked).to.equal(false);
  });

  it('fails the job when a promise is rejected', async () => {
    const subtask = new SinkSubtask(new FunctionSink<number>(() => Promise.reject(new Error('full'))));
    subtask.writer.write(1, 0);
    await subtask.woken(() => subtask.failures.length > 0);
    expect(await subtask.writer.flush(true).catch((error: unknown) => error)).to.have.property('message', 'full');
  });
});

describe('SocketSink', () => {
  const listen = async (onSocket: (socket: Socket) => void): Promise<{ port: number; close: () => void }> => {
    const server = createServer((socket) => {
      onSocket(socket.on('error', () => undefined));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      port: (server.address() as AddressInfo).port,
      close: () => {
        server.close();
      },
    };
  };

  it('writes all records before it ends, waiting for a slow server', async () => {
    let received = '';
    let ended = (): void => undefined;
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const { port, close } = await listen((socket) => {
      socket.on('data', (bytes) => {
        received += bytes.toString('latin1');
        socket.pause();
        setImmediate(() => {
          socket.resume();
        });
      });
      socket.on('end', ended);
    });
    const lines = Array.from({ length: 50_000 }, (_, i) => `line ${i}`);
    await runSink(new SocketSink<string>('127.0.0.1', port), lines);
    await end;
    close();
    expect(received).to.equal(`${lines.join('\n')}\n`);
  });

  it('writes what the program makes of a record', async () => {
    let received = Buffer.alloc(0);
    let ended = (): void => undefined;
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const { port, close } = await listen((socket) => {
      socket.on('data', (bytes) => {
        received = Buffer.concat([received, bytes]);
      });
      socket.on('end', ended);
    });
    await runSink(new SocketSink<number>('127.0.0.1', port, (value) => Uint8Array.of(value, value)), [1, 2]);
    await end;
    close();
    expect([...received]).to.deep.equal([1, 1, 2, 2]);
  });

  it('fails when nobody listens, and when the server goes away', async () => {
    const sockets: Socket[] = [];
    const { port, close } = await listen((socket) => {
      sockets.push(socket);
    });
    const subtask = new SinkSubtask(new SocketSink<string>('127.0.0.1', port));
    await subtask.writer.open!();
    while (sockets.length === 0) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    sockets[0]!.destroy();
    await subtask.woken(() => subtask.failures.length > 0);
    expect(subtask.failures[0]).to.be.instanceOf(SocketFailedError);
    await subtask.writer.close();
    close();
    const late = await runSink(new SocketSink<string>('127.0.0.1', port), []).catch((error: unknown) => error);
    expect(late).to.be.instanceOf(SocketFailedError);
  });
});

describe('DiscardingSink', () => {
  it('takes everything', async () => {
    expect((await runSink(new DiscardingSink<number>(), [1, 2, 3])).steps).to.deep.equal([]);
  });
});
