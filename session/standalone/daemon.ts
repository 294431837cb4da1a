import { FlinkError, type Clock, systemClock } from '#core';
import { type Configuration, type LoadedConfiguration, type LoadOptions, loadConfiguration, loadLogging, taskManagerLogPath } from '#conf';
import { registerFileSystems } from '#connectors';
import { openProcessLogger, type ProcessLogger } from '../logging/process-logger.js';
import { READY, tellStarter } from './readiness.js';
import type { DaemonKind } from './scripts/daemon-kind.js';
import { splitDynamicProperties } from './scripts/dynamic-properties.js';

/** Exit codes of a JobManager or TaskManager process. */
export const DaemonExit = { ok: 0, startUpFailure: 1, runtimeFailure: 2 } as const;

/** What a daemon is given to start with. */
export interface DaemonContext {
  readonly configuration: Configuration;
  readonly logger: ProcessLogger;
  readonly clock: Clock;
  /** The file its log goes to; undefined: the terminal. */
  readonly logFile: string | undefined;
}

/** How a daemon came to its end by itself. */
export interface DaemonEnd {
  /** What it could not go on after; undefined: it was done. */
  readonly error: unknown;
  readonly exitCode: number;
}

/** What ends a daemon: it came to its end by itself, it was told to, or it met an error that nobody handled. */
export type EndCause = 'itself' | 'signal' | 'crash';

/** A daemon that has started. */
export interface Daemon {
  /** Ends when the daemon stops by itself. */
  readonly ended: Promise<DaemonEnd>;
  close(cause: EndCause): Promise<void>;
}

/** What differs with who starts the process. */
export interface DaemonSurroundings {
  readonly exitCodes: { readonly startUpFailure: number; readonly runtimeFailure: number };
  loadOptions(): LoadOptions;
  /** undefined: the log goes to the terminal. */
  logFile(configuration: Configuration): string | undefined;
  /** Tells whoever started the process that it is ready, or why it is not. */
  tellStarter(news: string): void;
}

/** A process that a script, or somebody at a terminal, starts. */
function standaloneSurroundings(kind: DaemonKind): DaemonSurroundings {
  return {
    exitCodes: DaemonExit,
    loadOptions: () => ({ dynamicProperties: splitDynamicProperties(process.argv.slice(2)).dynamicProperties }),
    logFile: (configuration) => logFileOf(kind, configuration),
    tellStarter,
  };
}

/** How long a clean stop may take before the process ends anyway. */
const CLOSE_WITHIN_MS = 12_000;

/** The life of a JobManager or TaskManager process, from its configuration to its exit code. */
export async function runDaemon(
  kind: DaemonKind,
  start: (context: DaemonContext) => Promise<Daemon>,
  surroundings: DaemonSurroundings = standaloneSurroundings(kind),
): Promise<never> {
  let logger: ProcessLogger | undefined;
  try {
    const loaded = await loadConfiguration(surroundings.loadOptions());
    const logFile = surroundings.logFile(loaded.configuration);
    logger = await openLog(kind, loaded, logFile);
    registerFileSystems(loaded.configuration.toJSON());
    const asked = untilAsked(logger);
    const starting = start({ configuration: loaded.configuration, logger, clock: systemClock, logFile });
    const daemon = await Promise.race([starting, asked.then(() => withinTime(starting))]);
    if (daemon === undefined) return await ended(logger, DaemonExit.ok);
    surroundings.tellStarter(READY);
    return await untilEnd(daemon, { asked, logger, surroundings });
  } catch (error) {
    surroundings.tellStarter(error instanceof Error ? error.message : String(error));
    return await failed(error, logger, surroundings);
  }
}

/** The file that a script named, or the configuration; undefined: the log goes to the terminal. */
function logFileOf(kind: DaemonKind, configuration: Configuration): string | undefined {
  const configured = kind === 'taskmanager' ? configuration.get(taskManagerLogPath) : undefined;
  const named = configured ?? process.env['FLINK_LOG_FILE'];
  return named === '' ? undefined : named;
}

async function openLog(
  kind: DaemonKind,
  { directory, warnings, configuration }: LoadedConfiguration,
  logFile: string | undefined,
): Promise<ProcessLogger> {
  const purpose = logFile === undefined ? 'console' : 'daemon';
  const { logging, warnings: loggingWarnings, file } = await loadLogging(directory, purpose, logFile === undefined ? {} : { logFile });
  const logger = openProcessLogger(logging, kind);
  logger.info(`starting ${kind}`, { pid: process.pid, node: process.version, configuration: directory, logging: file });
  for (const { key, value } of configuration.entries()) logger.info(`loaded configuration: ${key}: ${value}`);
  for (const { message } of [...warnings, ...loggingWarnings]) logger.warn(message);
  return logger;
}

/** Ends when somebody asks the process to stop, be it while it starts. */
async function untilAsked(logger: ProcessLogger): Promise<CausedEnd> {
  return await new Promise<CausedEnd>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        logger.info(`stopping: received ${signal}`);
        resolve({ error: undefined, exitCode: DaemonExit.ok, cause: 'signal' });
      });
    }
  });
}

interface RunningDaemon {
  readonly asked: Promise<CausedEnd>;
  readonly logger: ProcessLogger;
  readonly surroundings: DaemonSurroundings;
}

async function untilEnd(daemon: Daemon, { asked, logger, surroundings: { exitCodes } }: RunningDaemon): Promise<never> {
  const crashed = new Promise<CausedEnd>((resolve) => {
    const crash = (error: unknown): void => {
      resolve({ error, exitCode: exitCodes.runtimeFailure, cause: 'crash' });
    };
    process.on('uncaughtException', crash);
    process.on('unhandledRejection', crash);
  });
  const itself = daemon.ended.then((end): CausedEnd => ({ ...end, cause: 'itself' }));
  const { error, exitCode, cause } = await Promise.race([asked, crashed, itself]);
  if (error !== undefined) logger.error('stopping after an error', { error: describe(error) });
  await withinTime(daemon.close(cause));
  return await ended(logger, exitCode);
}

async function ended(logger: ProcessLogger, exitCode: number): Promise<never> {
  logger.info('stopped');
  await withinTime(logger.close());
  process.exit(exitCode);
}

interface CausedEnd extends DaemonEnd {
  readonly cause: EndCause;
}

async function failed(error: unknown, logger: ProcessLogger | undefined, { exitCodes }: DaemonSurroundings): Promise<never> {
  logger?.error('could not start', { error: describe(error) });
  process.stderr.write(`${error instanceof FlinkError ? `${error.message}\n  ${error.action}` : describe(error)}\n`);
  if (logger) await withinTime(logger.close());
  process.exit(exitCodes.startUpFailure);
}

function describe(error: unknown): string {
  if (error instanceof FlinkError) return `${error.message} (${error.code}). ${error.action}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Answers undefined when the work fails, or is not done in time. */
async function withinTime<T>(work: Promise<T>): Promise<T | undefined> {
  return await new Promise<T | undefined>((resolve) => {
    const settle = (result: T | undefined): void => {
      clearTimeout(timer);
      resolve(result);
    };
    const timer = setTimeout(settle, CLOSE_WITHIN_MS, undefined);
    work.then(settle, () => {
      settle(undefined);
    });
  });
}
