import { childText, parseXml, type XmlElement } from '../files/xml.js';
import type { LoggingSections } from './log4j1.js';
import type { AppenderDraft, LoggerDraft } from './logging-draft.js';

function childrenNamed(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

function parseLogger(element: XmlElement, name: string): LoggerDraft {
  const level = element.attributes['level'] ?? childrenNamed(element, 'level')[0]?.attributes['value'];
  return {
    name,
    ...(level === undefined ? {} : { level }),
    appenders: childrenNamed(element, 'appender-ref').map((reference) => reference.attributes['ref'] ?? ''),
    additive: element.attributes['additivity'],
  };
}

function parseAppender(element: XmlElement): AppenderDraft {
  const [encoder] = [...childrenNamed(element, 'encoder'), ...childrenNamed(element, 'layout')];
  const [rolling] = childrenNamed(element, 'rollingPolicy');
  const policies = [
    ...childrenNamed(element, 'triggeringPolicy'),
    ...childrenNamed(rolling, 'timeBasedFileNamingAndTriggeringPolicy'),
    rolling,
  ];
  const threshold = childrenNamed(element, 'filter').find((filter) => filter.attributes['class']?.endsWith('ThresholdFilter'));
  return {
    name: element.attributes['name'] ?? '',
    type: element.attributes['class'] ?? '',
    target: childText(element, 'target'),
    file: childText(element, 'file'),
    append: childText(element, 'append'),
    pattern: encoder && (childText(encoder, 'pattern') ?? childText(childrenNamed(encoder, 'layout')[0] ?? encoder, 'pattern')),
    level: threshold && childText(threshold, 'level'),
    maxSize: policies.map((policy) => policy && childText(policy, 'maxFileSize')).find((size) => size !== undefined),
    maxFiles: rolling && (childText(rolling, 'maxIndex') ?? childText(rolling, 'maxHistory')),
  };
}

/** What a `logback.xml` says. */
export interface LogbackFile extends LoggingSections {
  /** Variables declared with `<property>`. */
  readonly declared: ReadonlyMap<string, string>;
}

/** Reads a `logback.xml`. Throws `ConfigurationFileError` when it is malformed. */
export async function parseLogback(text: string, file: string): Promise<LogbackFile> {
  const configuration = await parseXml(text, file, 'configuration');
  const declarations = [...childrenNamed(configuration, 'property'), ...childrenNamed(configuration, 'variable')];
  return {
    declared: new Map(declarations.map(({ attributes }) => [attributes['name'] ?? '', attributes['value'] ?? ''])),
    loggers: [
      ...childrenNamed(configuration, 'root').map((root) => parseLogger(root, '')),
      ...childrenNamed(configuration, 'logger').map((logger) => parseLogger(logger, logger.attributes['name'] ?? '')),
    ],
    appenders: childrenNamed(configuration, 'appender').map(parseAppender),
  };
}
