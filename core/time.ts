/** Event time is in milliseconds since 1970 UTC, as a number. */

/** The timestamp of a record that has none. */
export const NO_TIMESTAMP = Number.NEGATIVE_INFINITY;

/** The watermark of a stream that has not seen one. */
export const MIN_WATERMARK = Number.NEGATIVE_INFINITY;

/** The watermark at the end of bounded input: no record can follow. */
export const MAX_WATERMARK = Number.POSITIVE_INFINITY;
