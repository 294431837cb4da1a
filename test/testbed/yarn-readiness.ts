import type { Daemon } from './daemon.js';
import { httpJson } from './http-json.js';
import { poll } from './poll.js';

const READY_MS = 60_000;

/** Waits until the ResourceManager knows as many NodeManagers as run. */
export async function yarnReady(conf: Readonly<Record<string, string>>, daemons: readonly Daemon[]): Promise<void> {
  const nodeManagers = daemons.filter(({ name }) => name.startsWith('nodemanager'));
  const url = `http://${conf['yarn.resourcemanager.webapp.address']!}/ws/v1/cluster/metrics`;
  await poll('YARN being ready', READY_MS, async () => {
    for (const daemon of daemons) daemon.assertRuns();
    // Asked there, too: the ResourceManager counts one that was killed as active for some time, and so one that is just starting again.
    await Promise.all(nodeManagers.map((node) => httpJson(`http://${node.setting('yarn.nodemanager.webapp.address')!}/ws/v1/node/info`)));
    const { clusterMetrics } = (await httpJson(url)) as { clusterMetrics: { activeNodes: number } };
    return clusterMetrics.activeNodes === nodeManagers.length;
  });
}
