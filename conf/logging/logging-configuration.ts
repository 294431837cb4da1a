import type { ConfigurationWarning } from '../configuration-warning.js';

/** How much is logged, from nothing to everything. */
export type LogLevel = 'off' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** Writes to the terminal. */
export interface ConsoleAppender {
  readonly kind: 'console';
  readonly name: string;
  readonly stream: 'stdout' | 'stderr';
  /** In the notation of log4j and logback; `undefined`: the usual one. */
  readonly pattern?: string;
  /** Less severe messages are dropped. */
  readonly level?: LogLevel;
}

/** Writes to a file. */
export interface FileAppender {
  readonly kind: 'file';
  readonly name: string;
  readonly file: string;
  /** Whether an existing file is continued, rather than emptied. */
  readonly append: boolean;
  readonly pattern?: string;
  readonly level?: LogLevel;
  /** At this size a new file is begun; `undefined`: never. */
  readonly maxSizeBytes?: number;
  /** How many full files are kept. */
  readonly maxFiles?: number;
}

export type Appender = ConsoleAppender | FileAppender;

/** The rule for the loggers whose names begin with `name`. */
export interface LoggerRule {
  readonly name: string;
  /** `undefined`: that of the rule above. */
  readonly level?: LogLevel;
  /** Names of appenders it writes to, beside those of the rule above unless `additive` is false. */
  readonly appenders: readonly string[];
  readonly additive: boolean;
}

/** What a logging file asks for. `appenders` holds only those that something writes to. */
export interface LoggingConfiguration {
  readonly rootLevel: LogLevel;
  readonly rootAppenders: readonly string[];
  readonly loggers: readonly LoggerRule[];
  readonly appenders: readonly Appender[];
}

export interface LoadedLogging {
  readonly logging: LoggingConfiguration;
  readonly warnings: readonly ConfigurationWarning[];
  /** The file it came from; `undefined`: none was found. */
  readonly file: string | undefined;
}

/** Without a logging file: everything from "info" on, to the terminal. */
export const DEFAULT_LOGGING: LoggingConfiguration = {
  rootLevel: 'info',
  rootAppenders: ['console'],
  loggers: [],
  appenders: [{ kind: 'console', name: 'console', stream: 'stdout' }],
};

const LEVELS: Readonly<Record<string, LogLevel>> = {
  off: 'off',
  fatal: 'error',
  error: 'error',
  warn: 'warn',
  warning: 'warn',
  info: 'info',
  debug: 'debug',
  trace: 'trace',
  all: 'trace',
};

/** A level by its name in log4j or logback, in any case; `undefined` for another word. */
export function parseLevel(text: string | undefined): LogLevel | undefined {
  return text === undefined ? undefined : LEVELS[text.trim().toLowerCase()];
}
