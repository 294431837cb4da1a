/**
 * How the text of a configuration file becomes a value. Parsing happens once, at the edge: code behind
 * {@link Configuration.get} only sees values of the right type.
 */
export interface OptionType<T> {
  /** As shown in the documentation, e.g. "Duration". */
  readonly name: string;
  /** What a valid text looks like, for error messages: "one of \"a\", \"b\"". */
  readonly expected: string;
  /** Turns text into a value; `undefined` when the text does not have the expected form. */
  parse(text: string): T | undefined;
}

/** Accepts the same texts as `type`, but only values for which `holds`. */
export function checkedType<T>(type: OptionType<T>, expected: string, holds: (value: T) => boolean): OptionType<T> {
  return {
    name: type.name,
    expected,
    parse(text) {
      const value = type.parse(text);
      return value !== undefined && holds(value) ? value : undefined;
    },
  };
}
