import type { Configuration, ConfigurationEntry } from './configuration.js';
import { didYouMean } from './did-you-mean.js';
import { UnknownOptionError } from './errors.js';
import type { TakesEffect } from './option.js';
import { knownKeys, optionsFor, type AnyOption } from './option-registry.js';
import { describeOrigin, type Origin } from './origin.js';
import { masked } from './secrets.js';

/** All there is to know about an option and its value. */
export interface OptionExplanation {
  readonly key: string;
  /** The text in force, secrets masked; `undefined` when nothing was set. */
  readonly value: string | undefined;
  /** Name under which it was set. */
  readonly setAs: string | undefined;
  /** `undefined`: the default is in force. */
  readonly origin: Origin | undefined;
  readonly default: string;
  readonly type: string;
  readonly expected: string;
  readonly description: string;
  readonly takesEffect: TakesEffect;
  readonly instead: string | undefined;
  readonly laterNames: readonly string[];
  readonly oldNames: readonly string[];
}

/**
 * Explains the option that `key` sets, under any of its names; two for the few names that took over two old ones.
 * A key that is unknown but was set is explained as far as that goes.
 * Throws `UnknownOptionError`, with suggestions, for one that is neither.
 */
export function explainOption(configuration: Configuration, key: string): readonly OptionExplanation[] {
  const options = optionsFor(key);
  if (options.length === 0) return [explainUnknown(configuration, key)];
  return options.map((option) => explain(configuration, option));
}

/** The explanation as text for a terminal, ending in a line break: what `flink-ts config explain` prints. */
export function explainOptionText(configuration: Configuration, key: string): string {
  return explainOption(configuration, key).map(render).join('\n');
}

function explain(configuration: Configuration, option: AnyOption): OptionExplanation {
  const entries = decidingEntries(configuration, option);
  const first = entries[0];
  const namesThat = (deprecated: boolean): string[] =>
    option.names
      .slice(1)
      .filter((name) => name.deprecated === deprecated)
      .map((name) => name.key);
  return {
    key: option.prefix ? `${option.key}.*` : option.key,
    value: entries.length === 0 ? undefined : entries.map((entry) => shown(entry, option)).join(', '),
    setAs: first?.key,
    origin: first?.origin,
    default: defaultInForce(configuration, option),
    type: option.type.name,
    expected: option.type.expected,
    description: option.description,
    takesEffect: option.takesEffect,
    instead: option.instead,
    laterNames: namesThat(false),
    oldNames: namesThat(true),
  };
}

function decidingEntries(configuration: Configuration, option: AnyOption): readonly ConfigurationEntry[] {
  if (option.prefix) {
    return configuration.rawEntries().filter(({ key }) => option.names.some((name) => key === name.key || key.startsWith(`${name.key}.`)));
  }
  const found = configuration.find(option);
  return found ? [found.entry] : [];
}

function shown(entry: ConfigurationEntry, option: AnyOption): string {
  const value = masked(entry.key, entry.value);
  return option.prefix ? `${entry.key}: ${value}` : value;
}

function defaultInForce(configuration: Configuration, { defaultNote, defaultText, fallback }: AnyOption): string {
  if (fallback) {
    const found = configuration.find(fallback);
    const inForce = found ? masked(found.entry.key, found.entry.value) : defaultInForce(configuration, fallback);
    return `${defaultNote}: ${inForce}`;
  }
  const text = defaultText?.();
  return text === undefined || text === '' || text === defaultNote ? defaultNote : `${defaultNote}: ${text}`;
}

function explainUnknown(configuration: Configuration, key: string): OptionExplanation {
  const entry = configuration.rawEntries().find((candidate) => candidate.key === key);
  const suggestions = didYouMean(key, knownKeys());
  if (!entry) throw new UnknownOptionError(key, suggestions);
  const hint = suggestions.length > 0 ? ` Did you mean "${suggestions.join('" or "')}"?` : '';
  return {
    key,
    value: masked(key, entry.value),
    setAs: key,
    origin: entry.origin,
    default: 'none',
    type: 'String',
    expected: 'a text',
    description: `No option has this name; it is kept and passed on.${hint}`,
    takesEffect: 'meaningless',
    instead: 'Use an option listed in docs/configuration.md.',
    laterNames: [],
    oldNames: [],
  };
}

function render(explanation: OptionExplanation): string {
  const { key, value, origin, setAs } = explanation;
  const setUnder = setAs !== undefined && setAs !== key && !key.endsWith('.*') ? ` as "${setAs}"` : '';
  const lines: readonly (readonly [string, string])[] = [
    ['value', value ?? `${explanation.default} (default)`],
    ['set in', origin === undefined ? '' : `${describeOrigin(origin)}${setUnder}`],
    ['default', explanation.default],
    ['type', `${explanation.type}: ${explanation.expected}`],
    ['meaning', explanation.description],
    ['takes effect', effectText(explanation)],
    ['also known as', explanation.laterNames.join(', ')],
    ['old names', explanation.oldNames.join(', ')],
  ];
  const body = lines.filter(([, text]) => text !== '').map(([label, text]) => `  ${`${label}:`.padEnd(15)}${text}`);
  return `${key}\n${body.join('\n')}\n`;
}

function effectText({ takesEffect, instead }: OptionExplanation): string {
  switch (takesEffect) {
    case 'yes':
      return 'yes';
    case 'not-yet':
      return 'not yet: it is accepted, but changes nothing in this version';
    case 'meaningless':
      return `no, it has no meaning here. ${instead ?? ''}`;
  }
}
