import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { packageRoot } from '../../package-root.js';
import { READY, READY_DESCRIPTOR } from '../readiness.js';
import { daemonFlags } from './daemon-flags.js';
import { type DaemonKind, entryOf } from './daemon-kind.js';
import { DaemonFailedError } from './errors.js';
import { type DaemonFiles, daemonFiles, rotate } from './log-rotation.js';
import { PidFile } from './pid-file.js';
import type { ScriptOutput } from './script-output.js';
import type { ScriptSettings } from './script-settings.js';

/** How long a process may take until it says that it is ready; after that it is left to itself. */
const READY_WITHIN_MS = 15_000;

/** Starts a process in the background, notes its id, and waits until it is ready. Throws {@link DaemonFailedError}. */
export async function startDaemon(
  settings: ScriptSettings,
  kind: DaemonKind,
  args: readonly string[],
  output: ScriptOutput,
): Promise<void> {
  const pidFile = new PidFile(settings, kind);
  const alive = await pidFile.alive();
  if (alive.length > 0) output.print(`[INFO] ${alive.length} instance(s) of ${kind} are already running on ${settings.hostName}.`);
  const files = daemonFiles(settings, kind, (await pidFile.pids()).length);
  await rotate(files.log, settings.logMax);
  await rotate(files.out, settings.logMax);
  output.print(`Starting ${kind} daemon on host ${settings.hostName}.`);
  const child = spawnDaemon(settings, kind, args, files);
  const pid = child.pid ?? 0;
  await pidFile.add(pid);
  try {
    await ready(child, kind, files);
  } catch (error) {
    await pidFile.remove(pid);
    throw error;
  }
}

/** Runs a process in the foreground, until it ends; answers its exit code. */
export async function runInForeground(settings: ScriptSettings, kind: DaemonKind, args: readonly string[]): Promise<number> {
  const child = spawn(settings.node, commandOf(settings, kind, args), { stdio: 'inherit', env: environmentOf(settings, undefined) });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

function spawnDaemon(settings: ScriptSettings, kind: DaemonKind, args: readonly string[], files: DaemonFiles): ChildProcess {
  const out = openSync(files.out, 'a');
  try {
    return spawn(settings.node, commandOf(settings, kind, args), {
      detached: true,
      cwd: packageRoot,
      stdio: ['ignore', out, out, 'pipe'],
      env: environmentOf(settings, files),
    });
  } finally {
    closeSync(out);
  }
}

function commandOf(settings: ScriptSettings, kind: DaemonKind, args: readonly string[]): string[] {
  return [...daemonFlags(settings.configuration, kind), join(packageRoot, 'dist', 'bundle', entryOf(kind)), ...args];
}

function environmentOf(settings: ScriptSettings, files: DaemonFiles | undefined): NodeJS.ProcessEnv {
  const { configurationDirectory } = settings;
  return {
    ...process.env,
    ...(configurationDirectory === undefined ? {} : { FLINK_CONF_DIR: configurationDirectory }),
    ...(files === undefined ? { FLINK_LOG_FILE: '' } : { FLINK_LOG_FILE: files.log }),
  };
}

async function ready(child: ChildProcess, kind: DaemonKind, files: DaemonFiles): Promise<void> {
  const news = child.stdio[READY_DESCRIPTOR] as Readable;
  let told = '';
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, READY_WITHIN_MS);
      const settle = (finish: () => void) => () => {
        clearTimeout(timer);
        finish();
      };
      child.once('error', reject);
      child.once('exit', (code) => {
        settle(() => {
          reject(new DaemonFailedError(kind, code ?? undefined, told.trim(), files.log));
        })();
      });
      news.setEncoding('utf8').on('data', (text: string) => {
        told += text;
        if (told.startsWith(READY)) settle(resolve)();
      });
    });
  } finally {
    news.destroy();
    child.unref();
  }
}
