import { setTimeout as waited } from 'node:timers/promises';
import { connectToCluster, type DeployedCluster } from '#session';
import type { ActionContext } from '../action.js';
import { InterruptedError } from '../errors.js';

const POLL_MS = 100;

/** Waits until all TaskManagers of a new session have registered, in Flink's words. Ctrl-C ends the waiting, not the session. */
export async function awaitTaskManagers(
  { terminal, signal }: ActionContext,
  { host, port }: DeployedCluster,
  count: number,
): Promise<void> {
  terminal.print('Waiting until all TaskManagers have connected');
  const client = await connectToCluster({ host, port });
  let known: number | undefined;
  try {
    for (;;) {
      const { taskManagers } = await client.overview();
      if (taskManagers !== known) terminal.print(`TaskManager status (${taskManagers}/${count})`);
      known = taskManagers;
      if (taskManagers >= count) break;
      if (signal.aborted) throw new InterruptedError(signal.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT');
      await waited(POLL_MS);
    }
    terminal.print('All TaskManagers are connected');
  } finally {
    await client.close();
  }
}
