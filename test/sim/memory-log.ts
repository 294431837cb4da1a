import type { LogContext, Logger } from '#core';

const KEPT_LINES = 400;

/** Keeps what is logged, with the virtual time, for whoever looks into a seed that fails. */
export class MemoryLog implements Logger {
  readonly #lines: string[] = [];

  constructor(private readonly elapsedMs: () => number) {}

  get lines(): readonly string[] {
    return this.#lines;
  }

  count(text: string): number {
    return this.#lines.filter((line) => line.includes(text)).length;
  }

  debug(message: string, context?: LogContext): void {
    this.#add('debug', message, context);
  }

  info(message: string, context?: LogContext): void {
    this.#add('info', message, context);
  }

  warn(message: string, context?: LogContext): void {
    this.#add('warn', message, context);
  }

  error(message: string, context?: LogContext): void {
    this.#add('error', message, context);
  }

  #add(level: string, message: string, context: LogContext = {}): void {
    this.#lines.push(`${String(this.elapsedMs()).padStart(7)} ${level} ${message} ${JSON.stringify(context)}`);
    if (this.#lines.length > 2 * KEPT_LINES) this.#lines.splice(0, KEPT_LINES);
  }
}
