import { placeOf, type ConfigurationWarning } from './configuration-warning.js';
import type { Configuration, ConfigurationEntry } from './configuration.js';
import { didYouMean } from './did-you-mean.js';
import { splitFlags } from './node-flags.js';
import { describeOrigin } from './origin.js';
import { knownKeys, optionsFor, type AnyOption } from './option-registry.js';

/** Everything about the set keys that their user should hear of: old, unknown and idle ones, and flags meant for Java. */
export function reviewConfiguration(configuration: Configuration): readonly ConfigurationWarning[] {
  return configuration.rawEntries().flatMap(reviewEntry);
}

function reviewEntry(entry: ConfigurationEntry): readonly ConfigurationWarning[] {
  const options = optionsFor(entry.key);
  if (options.length === 0) return [unknownKey(entry)];
  return [deprecatedKey(entry, options), noEffect(entry, options), javaFlags(entry)].filter((warning) => warning !== undefined);
}

function warning(kind: ConfigurationWarning['kind'], entry: ConfigurationEntry, text: string): ConfigurationWarning {
  return { kind, key: entry.key, ...placeOf(entry.origin), message: `${text} (${describeOrigin(entry.origin)})` };
}

function unknownKey(entry: ConfigurationEntry): ConfigurationWarning {
  const near = didYouMean(entry.key, knownKeys()).map((name) => `"${name}"`);
  const hint = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '';
  return warning('unknown-key', entry, `unknown key "${entry.key}" is kept but has no meaning here${hint}`);
}

function deprecatedKey(entry: ConfigurationEntry, options: readonly AnyOption[]): ConfigurationWarning | undefined {
  const option = options.find(({ names }) => names.some((name) => name.deprecated && name.key === entry.key));
  return option && warning('deprecated-key', entry, `"${entry.key}" is an old name: use "${option.key}"`);
}

function noEffect(entry: ConfigurationEntry, options: readonly AnyOption[]): ConfigurationWarning | undefined {
  const option = options[0];
  if (!option || options.some(({ takesEffect }) => takesEffect === 'yes')) return undefined;
  if (option.takesEffect === 'not-yet') return warning('not-yet', entry, `"${entry.key}" does not take effect yet in this version`);
  return warning('meaningless', entry, `"${entry.key}" has no meaning in flink-ts. ${option.instead ?? ''}`);
}

function javaFlags(entry: ConfigurationEntry): ConfigurationWarning | undefined {
  if (!entry.key.startsWith('env.java.opts')) return undefined;
  const { java } = splitFlags(entry.value);
  if (java.length === 0) return undefined;
  return warning('java-flag', entry, `"${entry.key}": ${java.join(' ')} is for a Java machine only and is left out`);
}
