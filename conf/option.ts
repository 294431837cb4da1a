import { keyValueMap, type KeyValues } from './types/key-value-map.js';
import type { OptionType } from './types/option-type.js';

/** Another name of an option; with a type when its plain numbers count another unit. */
export type OtherName<T> = string | { readonly key: string; readonly type: OptionType<T> };

/** Whether setting an option changes anything: yes, once a later version is there, or never in JavaScript. */
export type TakesEffect = 'yes' | 'not-yet' | 'meaningless';

/** A name under which an option is found in a file. */
export interface OptionName<T> {
  readonly key: string;
  readonly type: OptionType<T>;
  /** Old names still work, with a warning that tells the new one. */
  readonly deprecated: boolean;
}

/**
 * A setting of the cluster or of a job, declared once. `T` includes `undefined` when it has no default.
 * Read it with `configuration.get(option)`.
 */
export interface Option<T> {
  readonly key: string;
  readonly type: OptionType<Exclude<T, undefined>>;
  readonly description: string;
  /** Heading under which the documentation lists it. */
  readonly group: string;
  /** All names, the best first: the key, later names, old names. */
  readonly names: readonly OptionName<Exclude<T, undefined>>[];
  /** Text of the default, read in the same way as text from a file. */
  readonly defaultText: (() => string) | undefined;
  /** Option whose value is taken when this one is not set. */
  readonly fallback: Option<T> | undefined;
  /** The default in words, for the documentation. */
  readonly defaultNote: string;
  readonly takesEffect: TakesEffect;
  /** For an option that is meaningless here: a sentence that tells what to use instead, if anything. */
  readonly instead: string | undefined;
  /** Whether every key below `key.` belongs to this option. */
  readonly prefix: boolean;
}

interface CommonSpec<T> {
  readonly key: string;
  readonly type: OptionType<T>;
  readonly description: string;
  readonly group: string;
  readonly deprecatedKeys?: readonly OtherName<T>[];
  /** Names that later versions of Flink gave it. */
  readonly aliases?: readonly OtherName<T>[];
  readonly defaultNote?: string;
}

type EffectSpec =
  | { readonly takesEffect: 'yes' | 'not-yet'; readonly instead?: undefined }
  | { readonly takesEffect: 'meaningless'; readonly instead: string };

type DefaultSpec<T> = {
  readonly default?: string | (() => string);
  readonly fallback?: Option<T> | Option<T | undefined>;
};

export type OptionSpec<T> = CommonSpec<T> & EffectSpec & DefaultSpec<T>;

function namesOf<T>(spec: OptionSpec<T>): readonly OptionName<T>[] {
  const named =
    (deprecated: boolean) =>
    (name: OtherName<T>): OptionName<T> =>
      typeof name === 'string' ? { key: name, type: spec.type, deprecated } : { ...name, deprecated };
  return [spec.key, ...(spec.aliases ?? [])].map(named(false)).concat((spec.deprecatedKeys ?? []).map(named(true)));
}

function defaultNoteOf<T>(spec: OptionSpec<T>): string {
  if (spec.defaultNote !== undefined) return spec.defaultNote;
  if (spec.fallback !== undefined) return `value of ${spec.fallback.key}`;
  return typeof spec.default === 'string' ? spec.default : 'none';
}

/**
 * Declares an option. `default` is written as a user would write it; options without one may be `undefined`.
 * @example
 * const port = option({
 *   key: 'web.port', type: portOrOff, default: '8081', group: 'Web', takesEffect: 'yes', description: 'Where the REST server listens.',
 * });
 */
export function option<T>(spec: OptionSpec<T> & { readonly default: string | (() => string) }): Option<T>;
export function option<T>(spec: OptionSpec<T> & { readonly fallback: Option<T> }): Option<T>;
export function option<T>(spec: OptionSpec<T>): Option<T | undefined>;
export function option<T>(spec: OptionSpec<T>): Option<T> | Option<T | undefined> {
  const text = spec.default;
  const declared = {
    key: spec.key,
    type: spec.type,
    description: spec.description,
    group: spec.group,
    names: namesOf(spec),
    defaultText: typeof text === 'string' ? () => text : text,
    fallback: spec.fallback,
    defaultNote: defaultNoteOf(spec),
    takesEffect: spec.takesEffect,
    instead: spec.instead,
    prefix: false,
  };
  return declared as Option<T>;
}

/** Declares an option whose value is every entry below `key.`, by the rest of the entry's key. */
export function mapOption(spec: Omit<CommonSpec<KeyValues>, 'type'> & EffectSpec): Option<KeyValues> {
  return { ...option({ ...spec, type: keyValueMap, default: '', defaultNote: 'empty' }), prefix: true };
}
