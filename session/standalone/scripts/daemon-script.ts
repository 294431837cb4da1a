import type { DaemonKind } from './daemon-kind.js';
import { splitDynamicProperties } from './dynamic-properties.js';
import { ScriptUsageError } from './errors.js';
import type { ScriptOutput } from './script-output.js';
import { readScriptSettings } from './script-settings.js';
import { runInForeground, startDaemon } from './start-daemon.js';
import { stopAll, stopNewest } from './stop-daemons.js';

/** How the scripts are called. */
export const DAEMON_USAGE: Readonly<Record<DaemonKind, string>> = {
  jobmanager: 'jobmanager.sh ((start|start-foreground) [host] [webui-port] [-Dkey=value])|stop|stop-all',
  taskmanager: 'taskmanager.sh (start|start-foreground|stop|stop-all) [-Dkey=value]',
};

/** `jobmanager.sh` and `taskmanager.sh`. Answers the exit code. Throws {@link ScriptUsageError}, and the errors of starting. */
export async function daemonScript(kind: DaemonKind, args: readonly string[], output: ScriptOutput): Promise<number> {
  const [command, ...following] = args;
  const { dynamicProperties, rest } = splitDynamicProperties(following);
  const properties = { ...addressOf(kind, rest), ...dynamicProperties };
  const known = command === 'start' || command === 'start-foreground' || command === 'stop' || command === 'stop-all';
  if (!known) throw new ScriptUsageError(DAEMON_USAGE[kind]);
  const settings = await readScriptSettings(properties);
  const forwarded = Object.entries(properties).map(([key, value]) => `-D${key}=${value}`);
  switch (command) {
    case 'start':
      await startDaemon(settings, kind, forwarded, output);
      break;
    case 'start-foreground':
      return await runInForeground(settings, kind, forwarded);
    case 'stop':
      await stopNewest(settings, kind, output);
      break;
    case 'stop-all':
      await stopAll(settings, kind, output);
      break;
  }
  return 0;
}

/** `[local|cluster] [host] [webui-port]` of a JobManager, as settings. */
function addressOf(kind: DaemonKind, words: readonly string[]): Readonly<Record<string, string>> {
  const [mode] = words;
  const [host, port, ...more] = mode === 'local' || mode === 'cluster' ? words.slice(1) : words;
  const malformed = more.length > 0 || (port !== undefined && !/^-?\d{1,5}$/.test(port)) || host?.startsWith('-') === true;
  if (malformed || (kind === 'taskmanager' && words.length > 0)) throw new ScriptUsageError(DAEMON_USAGE[kind]);
  return {
    ...(host === undefined ? {} : { 'jobmanager.rpc.address': host, 'rest.address': host }),
    ...(port === undefined ? {} : { 'web.port': port }),
  };
}
