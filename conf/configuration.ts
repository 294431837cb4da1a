import { inspect } from 'node:util';
import { InvalidOptionValueError } from './errors.js';
import type { Option, OptionName } from './option.js';
import type { Origin } from './origin.js';
import { masked } from './secrets.js';
import type { KeyValues } from './types/key-value-map.js';

/** A key that was set, with its text and where it was set. */
export interface ConfigurationEntry {
  readonly key: string;
  readonly value: string;
  readonly origin: Origin;
}

/** What a configuration looks like on its way to another process. Holds secrets in the clear. */
export interface ConfigurationJson {
  /** From the weakest to the strongest. */
  readonly layers: readonly (readonly ConfigurationEntry[])[];
}

/** What {@link Configuration.find} knows of an option: the entry that decides, and the name under which it was set. */
export interface FoundOption<T> {
  readonly entry: ConfigurationEntry;
  readonly name: OptionName<T>;
}

interface RankedEntry extends ConfigurationEntry {
  /** Position of the layer: an entry of a higher one wins, whichever of an option's names it uses. */
  readonly rank: number;
}

type AnyOption = Option<unknown>;

interface Ranked<Candidate> {
  readonly option: Candidate | undefined;
  readonly rank: number;
}

/**
 * The settings of a process or a job: an immutable, typed view of texts by key.
 *
 * Texts stay as they were written, unknown keys too; `get` parses, applies names old and new, and the default, once.
 * Throws: `InvalidOptionValueError` when a text does not have the form its option expects.
 */
export class Configuration {
  /** Nothing set: every option has its default. */
  static readonly empty = new Configuration([]);

  readonly #layers: readonly (readonly ConfigurationEntry[])[];
  readonly #entries = new Map<string, RankedEntry>();
  readonly #values = new Map<AnyOption, unknown>();

  private constructor(layers: readonly (readonly ConfigurationEntry[])[]) {
    this.#layers = layers;
    layers.forEach((layer, rank) => {
      for (const entry of layer) this.#entries.set(entry.key, { ...entry, rank });
    });
  }

  /** A configuration of these texts, for tests and programs. */
  static of(values: KeyValues): Configuration {
    return Configuration.empty.with(values);
  }

  /** The value of `option`, or its default. */
  get<T>(option: Option<T>): T {
    if (!this.#values.has(option)) this.#values.set(option, this.#read(option));
    return this.#values.get(option) as T;
  }

  /** A new configuration in which `overrides` win over everything set so far. */
  with(overrides: KeyValues, origin: Origin = { layer: 'program' }): Configuration {
    return this.withEntries(Object.entries(overrides).map(([key, value]) => ({ key, value, origin })));
  }

  /** Like {@link with}, for entries that each have an origin of their own. */
  withEntries(entries: readonly ConfigurationEntry[]): Configuration {
    return entries.length === 0 ? this : new Configuration([...this.#layers, entries]);
  }

  /** The entry that decides `option`'s value; `undefined` when it has its default. */
  find<T>(option: Option<T>): FoundOption<Exclude<T, undefined>> | undefined {
    return this.#findRanked(option);
  }

  /** Of options that exclude each other, the one set in the strongest layer; in the same layer the first; `undefined` when none is set. */
  strongest<Candidate extends AnyOption>(options: readonly Candidate[]): Candidate | undefined {
    let best: Ranked<Candidate> = { option: undefined, rank: -1 };
    for (const option of options) {
      const rank = this.#findRanked(option)?.rank ?? -1;
      if (rank > best.rank) best = { option, rank };
    }
    return best.option;
  }

  /** Whether `option` was set, under any of its names. */
  isSet(option: AnyOption): boolean {
    return this.find(option) !== undefined || (option.prefix && this.#below(option).length > 0);
  }

  /** The text set for exactly this key, declared or not. */
  text(key: string): string | undefined {
    return this.#entries.get(key)?.value;
  }

  /** Every key that was set, sorted, with its text **unmasked**: for passing on, never for showing. */
  rawEntries(): readonly ConfigurationEntry[] {
    return [...this.#entries.values()].map(({ key, value, origin }) => ({ key, value, origin })).sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** Every key that was set, sorted, with secrets masked: for logs, the web and the terminal. */
  entries(): readonly ConfigurationEntry[] {
    return this.rawEntries().map((entry) => ({ ...entry, value: masked(entry.key, entry.value) }));
  }

  /** All texts and origins, secrets in the clear, for shipping to another process of the cluster. */
  toJSON(): ConfigurationJson {
    return { layers: this.#layers };
  }

  static fromJSON(json: ConfigurationJson): Configuration {
    return new Configuration(json.layers);
  }

  /** Keeps secrets out of `console.log` and error dumps. */
  [inspect.custom](): Readonly<Record<string, string>> {
    return Object.fromEntries(this.entries().map(({ key, value }) => [key, value]));
  }

  #findRanked<T>(option: Option<T>): (FoundOption<Exclude<T, undefined>> & { readonly rank: number }) | undefined {
    let best: (FoundOption<Exclude<T, undefined>> & { rank: number }) | undefined;
    for (const name of option.names) {
      const entry = this.#entries.get(name.key);
      if (entry && entry.rank > (best?.rank ?? -1)) best = { entry, name, rank: entry.rank };
    }
    return best;
  }

  #read<T>(option: Option<T>): T {
    if (option.prefix) return this.#readMap(option) as T;
    const found = this.find(option);
    if (found) return parse(found.name.key, found.name.type, found.entry.value, found.entry.origin);
    if (option.fallback) return this.get(option.fallback);
    const text = option.defaultText?.();
    return (text === undefined ? undefined : parse(option.key, option.type, text, undefined)) as T;
  }

  #readMap(option: AnyOption): KeyValues {
    const found = this.find(option);
    const whole = found ? (parse(found.name.key, found.name.type, found.entry.value, found.entry.origin) as KeyValues) : {};
    return { ...whole, ...Object.fromEntries(this.#below(option)) };
  }

  #below(option: AnyOption): readonly (readonly [string, string])[] {
    return option.names
      .toReversed()
      .flatMap(({ key }) =>
        [...this.#entries.values()]
          .filter((entry) => entry.key.startsWith(`${key}.`))
          .map((entry) => [entry.key.slice(key.length + 1), entry.value] as const),
      );
  }
}

function parse<T>(key: string, type: OptionName<T>['type'], text: string, origin: Origin | undefined): T {
  const value = type.parse(text);
  if (value === undefined) throw new InvalidOptionValueError(key, text, type.expected, origin);
  return value;
}
