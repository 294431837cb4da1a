import type { LoggingSections } from './log4j1.js';
import type { AppenderDraft, LoggerDraft } from './logging-draft.js';

/** A part of a properties file: a text, and the parts below it. */
interface Section {
  text?: string;
  readonly parts: Map<string, Section>;
}

function toTree(properties: ReadonlyMap<string, string>): Section {
  const root: Section = { parts: new Map() };
  for (const [key, value] of properties) {
    let section = root;
    for (const part of key.split('.')) {
      const next = section.parts.get(part) ?? { parts: new Map<string, Section>() };
      section.parts.set(part, next);
      section = next;
    }
    section.text = value.trim();
  }
  return root;
}

function textAt(section: Section | undefined, ...path: readonly string[]): string | undefined {
  return path.reduce<Section | undefined>((at, part) => at?.parts.get(part), section)?.text;
}

/** "INFO, file", the short form of later versions, or parts `level` and `appenderRef.<id>.ref`. */
function parseLogger(section: Section, name: string): LoggerDraft {
  const [shortLevel = '', ...shortAppenders] = (section.text ?? '').split(',').map((item) => item.trim());
  const references = [...(section.parts.get('appenderRef')?.parts.values() ?? [])].map((reference) => textAt(reference, 'ref') ?? '');
  const level = textAt(section, 'level') ?? (shortLevel === '' ? undefined : shortLevel);
  return {
    name,
    ...(level === undefined ? {} : { level }),
    appenders: [...references, ...shortAppenders].filter((reference) => reference !== ''),
    additive: textAt(section, 'additivity'),
  };
}

function parseAppender(section: Section): AppenderDraft {
  const policies = [...(section.parts.get('policies')?.parts.values() ?? [])];
  const filters = [section.parts.get('filter'), ...(section.parts.get('filter')?.parts.values() ?? [])];
  return {
    name: textAt(section, 'name') ?? '',
    type: textAt(section, 'type') ?? '',
    target: textAt(section, 'target'),
    file: textAt(section, 'fileName'),
    append: textAt(section, 'append'),
    pattern: textAt(section, 'layout', 'pattern'),
    level: filters.find((filter) => textAt(filter, 'type') === 'ThresholdFilter')?.parts.get('level')?.text,
    maxSize: policies.map((policy) => textAt(policy, 'size')).find((size) => size !== undefined),
    maxFiles: textAt(section, 'strategy', 'max'),
  };
}

/** Reads the notation of log4j 2: `rootLogger.level = INFO`. Variables declared with `property.<name>` are in `declaredProperties`. */
export function parseLog4j2(properties: ReadonlyMap<string, string>): LoggingSections {
  const tree = toTree(properties);
  const loggers = [...(tree.parts.get('logger')?.parts.entries() ?? [])];
  return {
    loggers: [
      parseLogger(tree.parts.get('rootLogger') ?? { parts: new Map() }, ''),
      ...loggers.map(([id, section]) => parseLogger(section, textAt(section, 'name') ?? id)),
    ],
    appenders: [...(tree.parts.get('appender')?.parts.values() ?? [])].map(parseAppender),
  };
}

/** The variables that a log4j 2 file declares. */
export function declaredProperties(properties: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const prefix = 'property.';
  return new Map([...properties].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value.trim()]));
}
