import { parentPort, workerData } from 'node:worker_threads';
import { invariant, systemClock } from '#core';
import type { SlotCommand, SlotReport } from './deployment.js';
import { Slot } from './slot.js';
import type { SetUpSlotThread, SlotThreadSetup } from './slot-thread-setup.js';

/** The entry of a slot's worker thread: commands come in, reports go out, until the slot has ended. */
const port = parentPort;
invariant(port !== null, 'a slot worker runs in a worker thread');
process.setSourceMapsEnabled(true);
// Deep enough that an error of a program's function still shows which operator called it.
Error.stackTraceLimit = 50;

/** The thread is ended once it says so: what the program printed must have reached the main thread by then. */
function report(message: SlotReport): void {
  if (message.type !== 'ended') return port!.postMessage(message);
  process.stdout.write('', () =>
    process.stderr.write('', () => {
      port!.postMessage(message);
    }),
  );
}

const setup = workerData as SlotThreadSetup | null;
if (setup) {
  const { setUpSlotThread } = (await import(setup.module)) as { setUpSlotThread: SetUpSlotThread };
  setUpSlotThread(setup.data);
}

const slot = new Slot(report, systemClock);
port.on('message', (command: SlotCommand) => {
  slot.handle(command);
});
