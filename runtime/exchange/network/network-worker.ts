import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '#core';
import { serializeError } from '../../control/serialized-error.js';
import { Doorbell } from '../doorbell.js';
import type { NetworkCommand, NetworkOptions, NetworkReport } from './messages.js';
import { NetworkLoop } from './network-loop.js';

/** What the network thread is started with. */
export interface NetworkWorkerData {
  readonly options: NetworkOptions;
  readonly bell: SharedArrayBuffer;
}

invariant(parentPort !== null, 'the network thread is started by NetworkThread');
const port = parentPort;
const { options, bell } = workerData as NetworkWorkerData;
const report = (message: NetworkReport): void => {
  port.postMessage(message);
};
const loop = new NetworkLoop(options, new Doorbell(bell), report);

function obey(command: NetworkCommand): void {
  switch (command.type) {
    case 'registerOutbound':
      return loop.registerOutbound(command.id, command.ring, command.slotBell);
    case 'registerInbound':
      return loop.registerInbound(command.id, command.target, command.ring, command.slotBell);
    case 'release':
      return loop.release(command.jobId, command.attempt);
    case 'stop':
      loop.stop();
      report({ type: 'stopped' });
      port.close();
  }
}

port.on('message', obey);
try {
  report({ type: 'started', port: await loop.start() });
  await loop.run();
} catch (error) {
  report({ type: 'startFailed', error: serializeError(error) });
  port.close();
}
