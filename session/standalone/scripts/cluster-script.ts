import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { highAvailability, type Master, readMasters, readWorkers } from '#conf';
import { packageRoot } from '../../package-root.js';
import type { DaemonKind } from './daemon-kind.js';
import { daemonScript } from './daemon-script.js';
import { splitDynamicProperties } from './dynamic-properties.js';
import { RemoteCommandError, ScriptUsageError } from './errors.js';
import type { ScriptOutput } from './script-output.js';
import { readScriptSettings, type ScriptSettings } from './script-settings.js';

/**
 * `start-cluster.sh`: the JobManager (with high availability one for each line of `masters`), then a TaskManager for each line
 * of `slaves`.
 */
export async function startCluster(args: readonly string[], output: ScriptOutput): Promise<number> {
  const { settings, forwarded } = await settingsOf('start-cluster.sh', args);
  const directory = settings.configurationDirectory;
  if (isHighlyAvailable(settings)) {
    const masters = directory === undefined ? [{ host: 'localhost', webPort: undefined }] : await readMasters(directory);
    output.print(`Starting HA cluster with ${masters.length} masters.`);
    await onHosts(
      settings,
      'jobmanager',
      masters.map((master) => ({ host: master.host, words: startWords(master, forwarded) })),
      output,
    );
  } else {
    output.print('Starting cluster.');
    await daemonScript('jobmanager', ['start', ...forwarded], output);
  }
  const { hosts, warnings } = directory === undefined ? { hosts: ['localhost'], warnings: [] } : await readWorkers(directory);
  for (const { message } of warnings) output.printError(`Warning: ${message}`);
  await onHosts(
    settings,
    'taskmanager',
    hosts.map((host) => ({ host, words: ['start', ...forwarded] })),
    output,
  );
  return 0;
}

/** `stop-cluster.sh`: all TaskManagers, then the JobManagers. */
export async function stopCluster(args: readonly string[], output: ScriptOutput): Promise<number> {
  const { settings } = await settingsOf('stop-cluster.sh', args);
  const directory = settings.configurationDirectory;
  const { hosts } = directory === undefined ? { hosts: ['localhost'] } : await readWorkers(directory);
  const words = ['stop-all'];
  await onHosts(
    settings,
    'taskmanager',
    [...new Set(hosts)].map((host) => ({ host, words })),
    output,
  );
  const masters = directory === undefined || !isHighlyAvailable(settings) ? [] : await readMasters(directory);
  if (masters.length === 0) await daemonScript('jobmanager', words, output);
  else {
    await onHosts(
      settings,
      'jobmanager',
      masters.map(({ host }) => ({ host, words })),
      output,
    );
  }
  return 0;
}

interface HostCommand {
  readonly host: string;
  readonly words: readonly string[];
}

/** Without ssh when all hosts are this one, else by ssh on each. */
async function onHosts(settings: ScriptSettings, kind: DaemonKind, commands: readonly HostCommand[], output: ScriptOutput): Promise<void> {
  const allHere = commands.every(({ host }) => isThisHost(host));
  for (const { host, words } of commands) {
    if (allHere) await daemonScript(kind, words, output);
    else await overSsh(settings, host, kind, words);
  }
}

async function overSsh(settings: ScriptSettings, host: string, kind: DaemonKind, words: readonly string[]): Promise<void> {
  const script = join(packageRoot, 'bin', `${kind}.sh`);
  const { configurationDirectory: directory } = settings;
  const environment = directory === undefined ? [] : [`FLINK_CONF_DIR=${quoted(directory)}`];
  const command = [...environment, quoted(script), ...words.map(quoted)].join(' ');
  const code = await new Promise<number | undefined>((resolve, reject) => {
    const child = spawn('ssh', ['-n', ...settings.sshOptions, host, '--', command], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (exitCode) => {
      resolve(exitCode ?? undefined);
    });
  });
  if (code !== 0) throw new RemoteCommandError(host, `${kind}.sh ${words.join(' ')}`, code);
}

/** How `start-cluster.sh` and `stop-cluster.sh` are called. */
export function clusterUsage(script: string): string {
  return `${script} [-Dkey=value]`;
}

async function settingsOf(script: string, args: readonly string[]): Promise<{ settings: ScriptSettings; forwarded: readonly string[] }> {
  const { dynamicProperties, rest } = splitDynamicProperties(args);
  if (rest.length > 0) throw new ScriptUsageError(clusterUsage(script));
  const forwarded = Object.entries(dynamicProperties).map(([key, value]) => `-D${key}=${value}`);
  return { settings: await readScriptSettings(dynamicProperties), forwarded };
}

function startWords({ host, webPort }: Master, forwarded: readonly string[]): readonly string[] {
  return ['start', host, ...(webPort === undefined ? [] : [String(webPort)]), ...forwarded];
}

function isHighlyAvailable({ configuration }: ScriptSettings): boolean {
  return !['none', ''].includes(configuration.get(highAvailability).toLowerCase());
}

function isThisHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** The word for a shell on the other side. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
