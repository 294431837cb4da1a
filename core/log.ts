/** Facts that go with a log line, such as the job id; shown by the log format, never interpolated by the caller. */
export type LogContext = Readonly<Record<string, unknown>>;

/** Where a component writes what an operator of the cluster should know. Never called for a record. */
export interface Logger {
  debug(message: string, context?: LogContext): void;
  info(message: string, context?: LogContext): void;
  warn(message: string, context?: LogContext): void;
  error(message: string, context?: LogContext): void;
}

/** Drops everything; for tests and tools. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
