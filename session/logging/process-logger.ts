import { createLogger, format, type Logger as WinstonLogger, transports } from 'winston';
import type { LogContext, Logger } from '#core';
import type { Appender, LoggerRule, LoggingConfiguration, LogLevel } from '#conf';
import { DEFAULT_PATTERN, type Layout, type LogEvent, patternLayout } from './pattern-layout.js';
import { RotatingFile } from './rotating-file.js';

/** A process's log, as its logging file asks for it. */
export interface ProcessLogger extends Logger {
  /** A logger that speaks for a part of the process; rules of the logging file may name it. */
  named(name: string): Logger;
  /** Ends when everything is written. */
  close(): Promise<void>;
}

const LEVELS: readonly LogLevel[] = ['off', 'error', 'warn', 'info', 'debug', 'trace'];
/** As in log4j, when a size is set and no number. */
const DEFAULT_MAX_FILES = 1;
const WINSTON_LEVELS = { error: 1, warn: 2, info: 3, debug: 4, trace: 5 };

/** What decides for a logger: its level, and where it writes. */
interface Sinks {
  readonly level: LogLevel;
  readonly outputs: readonly WinstonLogger[];
}

/** Opens the log of a process. `name` is that of its root logger, shown where a pattern asks for it. */
export function openProcessLogger(logging: LoggingConfiguration, name: string): ProcessLogger {
  const outputs = new Map(logging.appenders.map((appender) => [appender.name, openAppender(appender)]));
  const sinksOf = (loggerName: string): Sinks => resolveSinks(logging, outputs, loggerName);
  const root = new NamedLogger(name, sinksOf(name));
  return {
    debug: (message, context) => {
      root.debug(message, context);
    },
    info: (message, context) => {
      root.info(message, context);
    },
    warn: (message, context) => {
      root.warn(message, context);
    },
    error: (message, context) => {
      root.error(message, context);
    },
    named: (part) => new NamedLogger(part, sinksOf(part)),
    close: async () => {
      await Promise.all([...outputs.values()].map(finished));
    },
  };
}

/** Severity at or above that of `level`. */
function passes(severity: LogLevel, level: LogLevel): boolean {
  return LEVELS.indexOf(severity) <= LEVELS.indexOf(level);
}

class NamedLogger implements Logger {
  readonly #name: string;
  readonly #sinks: Sinks;

  constructor(name: string, sinks: Sinks) {
    this.#name = name;
    this.#sinks = sinks;
  }

  debug(message: string, context?: LogContext): void {
    this.#write('debug', message, context);
  }
  info(message: string, context?: LogContext): void {
    this.#write('info', message, context);
  }
  warn(message: string, context?: LogContext): void {
    this.#write('warn', message, context);
  }
  error(message: string, context?: LogContext): void {
    this.#write('error', message, context);
  }

  #write(level: 'debug' | 'info' | 'warn' | 'error', message: string, context: LogContext = {}): void {
    if (!passes(level, this.#sinks.level)) return;
    const event: LogEvent = { timeMs: Date.now(), level, name: this.#name, message, context };
    for (const output of this.#sinks.outputs) output.log({ level, message, event });
  }
}

function resolveSinks(logging: LoggingConfiguration, outputs: ReadonlyMap<string, WinstonLogger>, name: string): Sinks {
  const rules = logging.loggers
    .filter((rule) => name === rule.name || name.startsWith(`${rule.name}.`))
    .toSorted((a, b) => a.name.length - b.name.length);
  let names: readonly string[] = logging.rootAppenders;
  let level = logging.rootLevel;
  for (const rule of rules) {
    names = appendersAfter(names, rule);
    level = rule.level ?? level;
  }
  return { level, outputs: [...new Set(names)].flatMap((appender) => outputs.get(appender) ?? []) };
}

function appendersAfter(names: readonly string[], rule: LoggerRule): readonly string[] {
  return rule.additive ? [...names, ...rule.appenders] : rule.appenders;
}

function openAppender(appender: Appender): WinstonLogger {
  const layout = withLineBreak(patternLayout(appender.pattern ?? DEFAULT_PATTERN));
  const lines = format.printf((info) => layout(info['event'] as LogEvent).replace(/\n$/, ''));
  return createLogger({
    levels: WINSTON_LEVELS,
    level: appender.level ?? 'trace',
    silent: appender.level === 'off',
    format: lines,
    transports: [transportOf(appender)],
  });
}

function transportOf(appender: Appender): transports.StreamTransportInstance | transports.ConsoleTransportInstance {
  if (appender.kind === 'console') {
    return new transports.Console({ stderrLevels: appender.stream === 'stderr' ? Object.keys(WINSTON_LEVELS) : [] });
  }
  const { file, append, maxSizeBytes, maxFiles = DEFAULT_MAX_FILES } = appender;
  return new transports.Stream({ stream: new RotatingFile({ file, append, maxSizeBytes, maxFiles }), eol: '\n' });
}

function withLineBreak(layout: Layout): Layout {
  return (event) => {
    const text = layout(event);
    return text.endsWith('\n') ? text : `${text}\n`;
  };
}

async function finished(output: WinstonLogger): Promise<void> {
  const ends = output.transports.map(async (transport) => {
    await new Promise<void>((resolve) => {
      transport.once('finish', () => {
        resolve();
      });
    });
  });
  output.end();
  await Promise.all(ends);
}
