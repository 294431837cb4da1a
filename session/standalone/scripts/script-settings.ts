import { join, resolve } from 'node:path';
import { hostname, userInfo } from 'node:os';
import {
  type Configuration,
  envJavaHome,
  envLogDir,
  envLogMax,
  envPidDir,
  envSshOpts,
  type LoadedConfiguration,
  loadConfiguration,
  splitFlags,
} from '#conf';
import { packageRoot } from '../../package-root.js';
import { runtimeBinary } from './runtime-binary.js';

/** What the scripts know: read from the configuration and the environment once, and handed down. */
export interface ScriptSettings {
  readonly configuration: Configuration;
  readonly configurationDirectory: string | undefined;
  readonly warnings: LoadedConfiguration['warnings'];
  readonly logDirectory: string;
  readonly pidDirectory: string;
  /** How many old log files of a process are kept. */
  readonly logMax: number;
  readonly sshOptions: readonly string[];
  /** In the names of log and pid files: the user, unless FLINK_IDENT_STRING is set. */
  readonly identity: string;
  readonly hostName: string;
  /** The Node that processes are started with. */
  readonly node: string;
}

/** Reads the settings. Throws the errors of `loadConfiguration`, and `RuntimeHomeError`. */
export async function readScriptSettings(dynamicProperties: Readonly<Record<string, string>>): Promise<ScriptSettings> {
  const { configuration, directory, warnings } = await loadConfiguration({ dynamicProperties });
  const { env } = process;
  return {
    configuration,
    configurationDirectory: directory,
    warnings,
    logDirectory: resolve(nonEmpty(env['FLINK_LOG_DIR']) ?? configuration.get(envLogDir) ?? join(packageRoot, 'log')),
    pidDirectory: resolve(nonEmpty(env['FLINK_PID_DIR']) ?? configuration.get(envPidDir)),
    logMax: configuration.get(envLogMax),
    sshOptions: splitFlags(nonEmpty(env['FLINK_SSH_OPTS']) ?? configuration.get(envSshOpts)).node,
    identity: nonEmpty(env['FLINK_IDENT_STRING']) ?? nonEmpty(env['USER']) ?? userInfo().username,
    hostName: hostname(),
    node: runtimeBinary(configuration.get(envJavaHome)),
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}
