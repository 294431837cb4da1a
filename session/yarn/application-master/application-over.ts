import type { HadoopConfiguration } from '#conf';
import type { Clock } from '#core';
import { ResourceManagerClient } from '../client/resource-manager/client.js';
import { hasEnded } from '../client/resource-manager/reports.js';

const ASKED_FOR_MS = 2000;
const PAUSE_MS = 40;

/**
 * Whether YARN is done with the application: no further attempt will need its files. An attempt that is dismissed cannot tell from that,
 * since the next one may be about to start. What cannot be asked counts as not over.
 */
export async function isOver(applicationId: string, hadoop: HadoopConfiguration, clock: Clock): Promise<boolean> {
  const resourceManager = ResourceManagerClient.of(hadoop);
  for (const endMs = clock.monotonicMs() + ASKED_FOR_MS; clock.monotonicMs() < endMs;) {
    try {
      if (hasEnded(await resourceManager.state(applicationId))) return true;
    } catch {
      return false;
    }
    await new Promise<void>((resolve) => {
      clock.setTimer(PAUSE_MS, resolve);
    });
  }
  return false;
}
