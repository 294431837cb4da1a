import type { KeyValues } from '#conf';

const SEPARATOR = '@@';

/** `k=v@@k2=v2`, as Flink passes the properties of `-D` on, and notes them in the properties file. */
export function joinDynamicProperties(properties: KeyValues): string {
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}`)
    .join(SEPARATOR);
}

/** The reverse of {@link joinDynamicProperties}; a piece without `=` counts as a switch that is on, as on the command line. */
export function splitDynamicProperties(text: string): KeyValues {
  const pieces = text.split(SEPARATOR).filter((piece) => piece.trim() !== '');
  return Object.fromEntries(
    pieces.map((piece) => {
      const equals = piece.indexOf('=');
      return equals < 0 ? [piece.trim(), 'true'] : [piece.slice(0, equals).trim(), piece.slice(equals + 1)];
    }),
  );
}
