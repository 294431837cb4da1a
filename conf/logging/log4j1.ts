import type { AppenderDraft, LoggerDraft } from './logging-draft.js';

type Properties = ReadonlyMap<string, string>;

/** Loggers and appenders of a properties file. */
export interface LoggingSections {
  readonly loggers: readonly LoggerDraft[];
  readonly appenders: readonly AppenderDraft[];
}

/** "INFO, file, console": a level, which may be left out, and appenders. */
function parseLogger(name: string, text: string, additive: string | undefined): LoggerDraft {
  const [level = '', ...appenders] = text.split(',').map((item) => item.trim());
  return { name, ...(level === '' ? {} : { level }), appenders: appenders.filter((appender) => appender !== ''), additive };
}

function valuesBelow(properties: Properties, prefix: string): readonly (readonly [string, string])[] {
  return [...properties].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value] as const);
}

function parseAppender(properties: Properties, name: string, type: string): AppenderDraft {
  // The first letter of a setting may have either case: "file" and "File".
  const settings = new Map(valuesBelow(properties, `log4j.appender.${name}.`).map(([key, value]) => [key.toLowerCase(), value]));
  return {
    name,
    type,
    target: settings.get('target'),
    file: settings.get('file'),
    append: settings.get('append'),
    pattern: settings.get('layout.conversionpattern'),
    level: settings.get('threshold'),
    maxSize: settings.get('maxfilesize'),
    maxFiles: settings.get('maxbackupindex'),
  };
}

/** Reads the notation of log4j 1: `log4j.rootLogger=INFO, file`. */
export function parseLog4j1(properties: Properties): LoggingSections {
  const rootText = properties.get('log4j.rootLogger') ?? properties.get('log4j.rootCategory') ?? '';
  const named = [...valuesBelow(properties, 'log4j.logger.'), ...valuesBelow(properties, 'log4j.category.')];
  return {
    loggers: [
      parseLogger('', rootText, undefined),
      ...named.map(([name, text]) => parseLogger(name, text, properties.get(`log4j.additivity.${name}`))),
    ],
    appenders: valuesBelow(properties, 'log4j.appender.')
      .filter(([name]) => !name.includes('.'))
      .map(([name, type]) => parseAppender(properties, name, type.trim())),
  };
}
