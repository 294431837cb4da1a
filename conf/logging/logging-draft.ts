import type { ConfigurationWarning } from '../configuration-warning.js';
import { memorySize } from '../types/memory-size.js';
import { parseLevel, type Appender, type LoadedLogging, type LoggerRule, type LogLevel } from './logging-configuration.js';
import { expandVariables, hasVariable, type LoggingVariables } from './variables.js';

/** What the three notations say of an appender, in their own words; `undefined` where they say nothing. */
export interface AppenderDraft {
  readonly name: string;
  /** Class or type: "RollingFile", "org.apache.log4j.FileAppender", … */
  readonly type: string;
  readonly target?: string | undefined;
  readonly file?: string | undefined;
  readonly append?: string | undefined;
  readonly pattern?: string | undefined;
  readonly level?: string | undefined;
  readonly maxSize?: string | undefined;
  readonly maxFiles?: string | undefined;
}

/** A logger as written; the root has the name "". */
export interface LoggerDraft {
  readonly name: string;
  readonly level?: string | undefined;
  readonly appenders: readonly string[];
  readonly additive?: string | undefined;
}

const DEFAULT_LEVEL: LogLevel = 'info';

/** Turns what a logging file says into a logging configuration, with a warning for whatever is not supported. */
export class LoggingDraft {
  readonly #warnings: ConfigurationWarning[] = [];
  readonly #appenders = new Map<string, Appender>();

  constructor(
    readonly file: string,
    readonly variables: LoggingVariables,
  ) {}

  finish(loggers: readonly LoggerDraft[], appenders: readonly AppenderDraft[]): LoadedLogging {
    const declared = new Map(appenders.map((draft) => [draft.name, draft]));
    for (const name of new Set(loggers.flatMap((logger) => logger.appenders))) {
      const draft = declared.get(name);
      if (draft) this.#addAppender(draft);
      else this.#warn(`appender "${name}" is not declared`);
    }
    const rules = loggers.map((logger) => this.#rule(logger));
    const root = rules.find((rule) => rule.name === '');
    return {
      logging: {
        rootLevel: root?.level ?? DEFAULT_LEVEL,
        rootAppenders: root?.appenders ?? [],
        loggers: rules.filter((rule) => rule.name !== ''),
        appenders: [...this.#appenders.values()],
      },
      warnings: this.#warnings,
      file: this.file,
    };
  }

  #rule(draft: LoggerDraft): LoggerRule {
    const level = this.#level(draft.level, draft.name === '' ? 'root logger' : `logger "${draft.name}"`);
    return {
      name: draft.name,
      ...(level === undefined ? {} : { level }),
      appenders: draft.appenders.filter((name) => this.#appenders.has(name)),
      additive: draft.additive?.trim().toLowerCase() !== 'false',
    };
  }

  #addAppender(draft: AppenderDraft): void {
    const kind = kindOf(draft.type);
    if (kind === 'none') return;
    const pattern = this.#expanded(draft.pattern);
    const level = this.#level(draft.level, `appender "${draft.name}"`);
    const common = { name: draft.name, ...(pattern === undefined ? {} : { pattern }), ...(level === undefined ? {} : { level }) };
    if (kind === 'console') {
      const stream = /err/i.test(draft.target ?? '') ? 'stderr' : 'stdout';
      this.#appenders.set(draft.name, { kind, stream, ...common });
    } else if (kind === 'file') {
      this.#addFileAppender(draft, common);
    } else {
      this.#warn(`appender "${draft.name}" is left out: its kind "${draft.type}" is not supported`);
    }
  }

  #addFileAppender(draft: AppenderDraft, common: { readonly name: string; readonly pattern?: string; readonly level?: LogLevel }): void {
    const file = this.#expanded(draft.file);
    if (file === undefined || hasVariable(file)) {
      this.#warn(`appender "${draft.name}" is left out: its file "${file ?? ''}" is not known in this process`);
      return;
    }
    const maxSizeBytes = this.#number(draft.maxSize, (text) => memorySize.parse(text));
    const maxFiles = this.#number(draft.maxFiles, (text) => (/^\d+$/.test(text) ? Number(text) : undefined));
    this.#appenders.set(draft.name, {
      kind: 'file',
      file,
      append: draft.append?.trim().toLowerCase() !== 'false',
      ...common,
      ...(maxSizeBytes === undefined ? {} : { maxSizeBytes }),
      ...(maxFiles === undefined ? {} : { maxFiles }),
    });
  }

  #level(text: string | undefined, of: string): LogLevel | undefined {
    const expanded = this.#expanded(text);
    if (expanded === undefined || /^inherited$|^null$/i.test(expanded)) return undefined;
    const level = parseLevel(expanded);
    if (level === undefined) this.#warn(`"${expanded}" of the ${of} is not a level`);
    return level;
  }

  #number(text: string | undefined, parse: (text: string) => number | undefined): number | undefined {
    const expanded = this.#expanded(text);
    if (expanded === undefined) return undefined;
    const value = parse(expanded);
    if (value === undefined) this.#warn(`"${expanded}" is not a number or size`);
    return value;
  }

  #expanded(text: string | undefined): string | undefined {
    return text === undefined ? undefined : expandVariables(text, this.variables).trim();
  }

  #warn(text: string): void {
    this.#warnings.push({ kind: 'unsupported-setting', file: this.file, message: `${this.file}: ${text}` });
  }
}

function kindOf(type: string): 'console' | 'file' | 'none' | 'other' {
  const name = type.slice(type.lastIndexOf('.') + 1).toLowerCase();
  if (name.startsWith('console')) return 'console';
  if (name.startsWith('null')) return 'none';
  return /^(daily)?(rolling)?(randomaccess)?file(appender)?$/.test(name) ? 'file' : 'other';
}
