import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { NO_TIMESTAMP } from '#core';
import { ConnectionLostError } from '../../../../runtime/exchange/errors.js';
import { channel, JOB, NetworkRig } from './network-rig.js';
import type { PeerCommand, PeerReport } from './peer-process.js';

const COUNT = 200_000;

describe('data exchange of two processes', () => {
  let here: NetworkRig;
  let peer: ChildProcess;
  let port: number;
  const send = (command: PeerCommand): void => {
    peer.send(command);
  };

  beforeEach(async () => {
    here = await NetworkRig.start();
    peer = fork(new URL('./peer-process.js', import.meta.url));
    const [report] = (await once(peer, 'message')) as [Extract<PeerReport, { type: 'started' }>];
    ({ port } = report);
  });
  afterEach(async () => {
    if (peer.connected) peer.disconnect();
    if (peer.exitCode === null && peer.signalCode === null) await once(peer, 'exit');
    await here.network.stop();
  });

  it('carries everything, and takes the end of the other process after the end of input in peace', async () => {
    send({ type: 'produce', id: channel(0), count: COUNT });
    const gate = here.gate(channel(0), port, 4, 4096);
    let next = 0;
    await here.until(() => {
      while (
        gate.poll(
          (value) => {
            expect(value).to.equal(next++);
          },
          { blocked: false },
          8,
        )
      );
      return gate.finished;
    });
    expect(next).to.equal(COUNT);
    peer.disconnect();
    await once(peer, 'exit');
    // The connection that a release would close is gone already; a later failure would be reported before the thread stops.
    here.network.release(JOB, 0);
    await here.network.stop();
    expect(here.failures).to.deep.equal([]);
  });

  it('reports the channels of a producer that is killed, naming its TaskManager', async () => {
    send({ type: 'produce', id: channel(0), count: Number.MAX_SAFE_INTEGER });
    const gate = here.gate(channel(0), port, 4, 4096);
    let taken = 0;
    await here.until(() => {
      while (
        gate.poll(
          () => {
            taken++;
          },
          { blocked: false },
          1,
        ) &&
        taken < 10_000
      );
      return taken > 5000;
    });
    peer.kill('SIGKILL');
    await here.until(() => here.failures.length > 0);
    expect(here.failures[0]!.channels).to.deep.equal([channel(0)]);
    expect(here.failures[0]!.error).to.be.instanceOf(ConnectionLostError);
    expect(here.failures[0]!.error.message).to.include(`connection to TaskManager "127.0.0.1:${port}" was lost`);
  });

  it('reports the channels of a consumer that is killed, naming its TaskManager', async () => {
    send({ type: 'consume', id: channel(0), port: here.port });
    const partition = here.partition([channel(0)], 4, 4096);
    let emitted = 0;
    const emitSome = (): void => {
      partition.drain();
      while (!partition.blocked) partition.emit(emitted++, NO_TIMESTAMP);
    };
    await here.until(() => {
      emitSome();
      return emitted > 20_000;
    });
    peer.kill('SIGKILL');
    await here.until(() => here.failures.length > 0);
    expect(here.failures[0]!.channels).to.deep.equal([channel(0)]);
    expect(here.failures[0]!.error.message).to.include('connection to TaskManager "the peer" was lost');
  });
});
